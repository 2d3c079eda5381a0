// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "explain/names.hpp"
#include "explain/tellers.hpp"
#include "explain/wall_time.hpp"

namespace neolia::explain {
namespace {

/// A registered device answers 180 within this time, or something is wrong with it.
constexpr double kSecondsToRing = 3;

using rules::Facts;

std::string up_to(const Json& step) {
  const auto seconds = number_of(step, "ring_seconds");
  return seconds ? " for up to " + duration_text(static_cast<double>(*seconds)) : "";
}

Json step_parameters(const Story& story, std::size_t index, Json more = Json::object()) {
  Json parameters = rule_parameters(story.facts, text_of(story.step(index), "rule_id"));
  parameters["step"] = index;
  parameters.update(more);
  return parameters;
}

std::string forward_target(const Story& story, const Json& step) {
  const std::string uri = text_of(step, "uri");
  const std::string unit_id = text_of(step, "forward_unit_id");
  if (!uri.empty()) return uri;
  if (!unit_id.empty()) return unit_name(story.facts, unit_id);
  return device_names(story.facts, texts_of(step, "usernames"));
}

void tell_ring(Story& story, const Json& event, std::size_t index) {
  const Json& step = story.step(index);
  const auto usernames = texts_of(step, "usernames");
  const std::string rule_id = text_of(step, "rule_id");
  Json names = Json::array();
  for (const auto& username : usernames) names.push_back(device_name(story.facts, username));
  const std::string rung = device_names(story.facts, usernames);
  const std::string text = rule_id.empty() ? rung + " was rung" : rule_name(story.facts, rule_id) + " rang " + rung;
  story.tell(
      Code::step_ring, event, text + up_to(step) + ".",
      step_parameters(story, index,
                      {{"seconds", value_of(step, "ring_seconds")}, {"names", names}, {"usernames", usernames}}));
}

void tell_forward(Story& story, const Json& event, std::size_t index) {
  const Json& step = story.step(index);
  const std::string to = forward_target(story, step);
  story.tell(Code::step_forward, event,
             rule_name(story.facts, text_of(step, "rule_id")) + " forwarded to " + to + up_to(step) + ".",
             step_parameters(story, index, {{"seconds", value_of(step, "ring_seconds")}, {"to", to}}));
}

void tell_voicemail(Story& story, const Json& event, std::size_t index) {
  story.tell(Code::step_voicemail, event,
             rule_name(story.facts, text_of(story.step(index), "rule_id")) + " led to voicemail.",
             step_parameters(story, index));
}

void tell_reject(Story& story, const Json& event, std::size_t index) {
  const Json& step = story.step(index);
  story.tell(Code::step_reject, event,
             rule_name(story.facts, text_of(step, "rule_id")) + " rejects such calls" + code_of(step) + ".",
             step_parameters(story, index, {{"code", value_of(step, "code")}}));
}

using TellStep = void (*)(Story&, const Json&, std::size_t);
constexpr std::array<std::pair<std::string_view, TellStep>, 4> kActions{
    {{"ring", tell_ring}, {"forward", tell_forward}, {"voicemail", tell_voicemail}, {"reject", tell_reject}}};

void tell_away(Story& story, const Json& event) {
  const Json& away = value_of(event, "away");
  if (!away.is_array()) return;
  for (const Json& device : away) {
    const std::string username = text_of(device, "username");
    const auto since = rules::parse_moment(text_of(device, "since"));
    const auto day = moment_of(event);
    const std::string name = device_name(story.facts, username);
    story.tell(Code::not_registered, event,
               name + (since && day ? ": not registered since " + wall_time(story.time_zone(), *since, *day) + "."
                                    : ": not registered."),
               {{"username", username}, {"name", name}, {"since", value_of(device, "since")}});
    if (story.present) story.present->silent.erase(username);
  }
}

void begin_step(Story& story, const Json& event, std::size_t index) {
  story.present = {index, moment_of(event), {}};
  for (const auto& username : texts_of(story.step(index), "usernames")) {
    if (!story.called.contains(username)) story.present->silent.insert(username);
  }
}

/// How long the present step has been going on.
std::optional<double> seconds_of_step(const Story& story, const Json& event) {
  const auto at = moment_of(event);
  if (!story.present || !story.present->began || !at) return std::nullopt;
  return std::chrono::duration<double>(*at - *story.present->began).count();
}

/// Something came from a device: it is not silent, and no further step calls it.
void note_device(Story& story, const Json& event) {
  const std::string username = text_of(event, "by");
  if (story.present) story.present->silent.erase(username);
  story.called.insert(username);
}

std::string refusal_text(std::int64_t code) {
  constexpr std::array<std::pair<int, const char*>, 13> kTexts{{{404, "not known there"},
                                                                {408, "no reply"},
                                                                {415, "does not take this kind of call"},
                                                                {430, "its connection is gone"},
                                                                {477, "its connection is gone"},
                                                                {480, "not available"},
                                                                {486, "busy"},
                                                                {488, "cannot take this sound or picture"},
                                                                {500, "had an error"},
                                                                {503, "out of service"},
                                                                {600, "busy"},
                                                                {603, "declined"},
                                                                {606, "cannot take this sound or picture"}}};
  const auto* const found = std::ranges::find(kTexts, code, [](const auto& text) { return text.first; });
  return found == kTexts.end() ? "refused" : found->second;
}

}  // namespace

void tell_step(Story& story, const Json& event) {
  const auto index = number_of(event, "step");
  if (!index || *index < 0) return;
  const auto next = static_cast<std::size_t>(*index);
  tell_silent_devices(story, event);
  if (const auto seconds = seconds_rung(story, event)) tell_no_answer(story, event, seconds);
  tell_skipped_steps(story, event, next);
  begin_step(story, event, next);
  const std::string action = text_of(story.step(next), "action");
  const auto* const found = std::ranges::find(kActions, action, [](const auto& entry) { return entry.first; });
  if (found != kActions.end()) found->second(story, event, next);
  tell_away(story, event);
  story.called.insert(story.present->silent.begin(), story.present->silent.end());
}

void tell_ringing(Story& story, const Json& event) {
  note_device(story, event);
  story.tell(Code::rang, event, device_of(story, event) + " rang.", device_parameters(story, event));
}

void tell_joined(Story& story, const Json& event) {
  note_device(story, event);
  const auto seconds = story.seconds_since_beginning(event);
  Json parameters = device_parameters(story, event);
  parameters["seconds"] = or_null(seconds);
  const std::string later = seconds ? " " + duration_text(*seconds) + " later" : "";
  story.tell(Code::joined, event, device_of(story, event) + " registered and joined" + later + ".", parameters);
}

void tell_refused(Story& story, const Json& event) {
  note_device(story, event);
  Json parameters = device_parameters(story, event);
  parameters["code"] = value_of(event, "code");
  story.tell(Code::refused, event,
             device_of(story, event) + ": " + refusal_text(number_of(event, "code").value_or(0)) + code_of(event) + ".",
             parameters);
}

void tell_silent_devices(Story& story, const Json& event) {
  if (seconds_of_step(story, event).value_or(0) < kSecondsToRing) return;
  for (const auto& username : std::exchange(story.present->silent, {})) {
    const std::string name = device_name(story.facts, username);
    story.tell(Code::did_not_ring, event, name + " was registered, but did not ring.",
               {{"username", username}, {"name", name}});
  }
}

std::optional<std::int64_t> seconds_rung(const Story& story, const Json& event) {
  constexpr double kTolerance = 1;
  const auto lasted = seconds_of_step(story, event);
  if (!lasted) return std::nullopt;
  const auto seconds = number_of(story.step(story.present->index), "ring_seconds");
  return seconds && *lasted >= static_cast<double>(*seconds) - kTolerance ? seconds : std::nullopt;
}

void tell_no_answer(Story& story, const Json& event, std::optional<std::int64_t> seconds) {
  const std::string within = seconds ? " within " + duration_text(static_cast<double>(*seconds)) : "";
  story.tell(Code::no_answer, event, "Nobody answered" + within + ".",
             {{"seconds", seconds ? Json(*seconds) : Json()}});
}

void tell_skipped_steps(Story& story, const Json& event, std::size_t next) {
  std::size_t index = story.present ? story.present->index : 0;
  const bool is_voicemail = text_of(story.step(index), "action") == "voicemail";
  if (story.present && !is_voicemail) ++index;
  for (; index < std::min(next, story.step_count()); ++index) {
    const std::string action = text_of(story.step(index), "action");
    const char* const why =
        action == "voicemail" ? " was skipped: voicemail was not ready." : " was skipped: it had nobody left to ring.";
    story.tell(Code::step_skipped, event, rule_name(story.facts, text_of(story.step(index), "rule_id")) + why,
               step_parameters(story, index, {{"action", action}}));
  }
}

}  // namespace neolia::explain
