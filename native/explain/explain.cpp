// SPDX-License-Identifier: Apache-2.0
#include "explain/explain.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "explain/tellers.hpp"

namespace neolia::explain {
namespace {

using Teller = void (*)(Story&, const Json&);
constexpr std::array<std::pair<std::string_view, Teller>, 11> kTellers{{{"incoming", tell_incoming},
                                                                        {"denied", tell_denied},
                                                                        {"step", tell_step},
                                                                        {"ringing", tell_ringing},
                                                                        {"joined", tell_joined},
                                                                        {"refused", tell_refused},
                                                                        {"answered", tell_answered},
                                                                        {"declined", tell_declined},
                                                                        {"missed", tell_missed},
                                                                        {"ended", tell_ended},
                                                                        {"message", tell_message}}};

/// Events of a type that is not known here have nothing to tell.
void tell(Story& story, const Json& event) {
  const std::string type = text_of(event, "type");
  const auto* const found = std::ranges::find(kTellers, type, [](const auto& entry) { return entry.first; });
  if (found == kTellers.end()) return;
  if (!story.began && story.sentences.empty() && type != "incoming" && type != "denied") {
    story.tell(Code::beginning_lost, event, "The beginning of this call is not kept any more.");
  }
  found->second(story, event);
}

Json outcome_of(const Json& call) {
  const std::string status = text_of(call, "status");
  if (value_of(call, "message_id").is_string()) return "message";
  if (status == "declined" || status == "missed" || status == "denied") return status;
  if (status != "ended") return nullptr;
  const bool answered = value_of(call, "answered_at").is_string() && text_of(call, "answered_by") != "voicemail";
  return answered ? "answered" : "missed";
}

}  // namespace

Json explain(const Json& call, const rules::Facts& facts, std::optional<rules::Moment> changed_at) {
  Story story{call, facts, changed_at};
  const Json& events = value_of(call, "events");
  if (events.is_array()) {
    for (const Json& event : events) tell(story, event);
  }
  const Json outcome = outcome_of(call);
  if (outcome.is_null()) {
    const Json nothing;
    story.tell(Code::not_over, events.empty() ? nothing : events.back(),
               "It is still going on, or its end is not known.");
  }
  return {{"call_id", value_of(call, "call_id")}, {"outcome", outcome}, {"sentences", std::move(story.sentences)}};
}

}  // namespace neolia::explain
