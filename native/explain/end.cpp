// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include "explain/names.hpp"
#include "explain/tellers.hpp"
#include "explain/wall_time.hpp"

namespace neolia::explain {
namespace {

enum class Since { nothing, beginning, answer };

struct Reason {
  std::string_view name;
  Code code;
  const char* text;
  Since since;
  const char* rest = "";  ///< after the seconds
};

constexpr std::array kMissed{
    Reason{"not_registered", Code::nobody_registered, "No device was registered, so nobody could be rung",
           Since::nothing},
    Reason{"busy", Code::everybody_busy, "Everybody was busy", Since::nothing},
    Reason{"rejected", Code::rejected, "The call was rejected", Since::nothing},
    Reason{"cancelled", Code::cancelled, "The caller hung up", Since::beginning, ", before anybody answered"},
    Reason{"no_media", Code::no_media,
           "The caller is a browser, and RTPEngine was not there to carry its sound and picture", Since::nothing},
};

constexpr std::array kEnded{
    Reason{"hung_up", Code::hung_up, "The call was hung up", Since::answer},
    Reason{"media_lost", Code::media_lost, "Kamailio was restarted, and the call was lost", Since::answer},
    Reason{"door_opened", Code::door_opened, "The door was opened, which ended the call", Since::beginning},
    Reason{"stopped", Code::stopped, "An administrator ended the call", Since::beginning},
    Reason{"revoked", Code::revoked, "The account or session was withdrawn, which ended the call", Since::beginning},
};

const Reason* find(const auto& reasons, std::string_view name) {
  const auto* const found = std::ranges::find(reasons, name, &Reason::name);
  return found == reasons.end() ? nullptr : found;
}

void tell_reason(Story& story, const Json& event, const Reason& reason) {
  const auto seconds = reason.since == Since::beginning ? story.seconds_since_beginning(event)
                       : reason.since == Since::answer  ? story.seconds_since_answer(event)
                                                        : std::nullopt;
  const std::string text = reason.text + after(seconds) + reason.rest + code_of(event) + ".";
  story.tell(reason.code, event, text,
             {{"seconds", or_null(seconds)}, {"code", value_of(event, "code")}, {"reason", value_of(event, "reason")}});
}

/// Every step was taken and none of them reached anybody.
bool is_exhausted(std::string_view reason) {
  return reason == "no_answer" || reason == "not_registered" || reason == "busy";
}

}  // namespace

std::string device_of(const Story& story, const Json& event) {
  const std::string by = text_of(event, "by");
  const auto index = number_of(event, "step");
  const std::string uri = index && *index >= 0 ? text_of(story.step(static_cast<std::size_t>(*index)), "uri") : "";
  if (by == "voicemail") return "Voicemail";
  return by.empty() && !uri.empty() ? uri : device_name(story.facts, by);
}

Json device_parameters(const Story& story, const Json& event) {
  return {{"username", value_of(event, "by")}, {"name", device_of(story, event)}};
}

std::string code_of(const Json& event) {
  const auto code = number_of(event, "code");
  return code && *code != 200 ? " (" + std::to_string(*code) + ")" : "";
}

void tell_answered(Story& story, const Json& event) {
  const bool voicemail = text_of(event, "by") == "voicemail";
  if (story.present) story.present->silent.erase(text_of(event, "by"));
  tell_silent_devices(story, event);
  const auto seconds = story.seconds_since_beginning(event);
  Json parameters = device_parameters(story, event);
  parameters["seconds"] = or_null(seconds);
  story.tell(voicemail ? Code::voicemail_answered : Code::answered, event,
             device_of(story, event) + " answered" + after(seconds) + ".", parameters);
}

void tell_declined(Story& story, const Json& event) {
  tell_silent_devices(story, event);
  story.tell(Code::declined, event, device_of(story, event) + " declined, which ended the call" + code_of(event) + ".",
             device_parameters(story, event));
}

void tell_missed(Story& story, const Json& event) {
  const std::string name = text_of(event, "reason");
  const auto seconds = seconds_rung(story, event);
  tell_silent_devices(story, event);
  if (is_exhausted(name)) tell_skipped_steps(story, event, story.step_count());
  if (name == "no_answer") return tell_no_answer(story, event, seconds);
  const Reason* reason = find(kMissed, name);
  if (reason == nullptr) reason = find(kEnded, name);
  tell_reason(story, event,
              reason != nullptr ? *reason : Reason{name, Code::missed, "The call was missed", Since::nothing});
}

void tell_ended(Story& story, const Json& event) {
  const std::string name = text_of(event, "reason");
  const Reason* const reason = find(kEnded, name);
  tell_reason(story, event, reason != nullptr ? *reason : Reason{name, Code::ended, "The call ended", Since::answer});
  if (number_of(event, "packets") != 0) return;
  story.tell(Code::no_packets, event, "No sound or picture got through: 0 packets were relayed.", {{"packets", 0}});
}

void tell_message(Story& story, const Json& event) {
  const Json& seconds = value_of(event, "seconds");
  const std::string length = seconds.is_number() ? " of " + duration_text(seconds.get<double>()) : "";
  const char* const picture = value_of(event, "video") == true ? " with picture" : "";
  story.tell(Code::message, event, "The visitor left a message" + length + picture + ".",
             {{"message_id", value_of(event, "message_id")},
              {"seconds", seconds},
              {"video", value_of(event, "video") == true}});
}

}  // namespace neolia::explain
