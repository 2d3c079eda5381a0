// SPDX-License-Identifier: Apache-2.0
#include "explain/names.hpp"
#include "explain/tellers.hpp"

namespace neolia::explain {
namespace {

std::string called_name(const Story& story, const Json& event) {
  const std::string account_id = text_of(event, "account_id");
  const std::string unit_id = text_of(event, "unit_id");
  if (const auto* account = story.facts.account(account_id)) return account->name;
  if (!account_id.empty()) return "a deleted account";
  return unit_id.empty() ? "" : unit_name(story.facts, unit_id);
}

void tell_called(Story& story, const Json& event) {
  story.began = true;
  const Json& caller = value_of(event, "caller");
  const std::string dialled = dialled_name(text_of(event, "dialled"));
  const std::string called = called_name(story, event);
  const std::string who = called.empty() || called == dialled ? "" : " (" + called + ")";
  story.tell(Code::called, event, caller_name(story.facts, caller) + " called " + dialled + who + ".",
             {{"caller_account_id", value_of(caller, "account_id")},
              {"caller", caller_name(story.facts, caller)},
              {"dialled", value_of(event, "dialled")},
              {"called", called.empty() ? Json() : Json(called)}});
  if (value_of(event, "test") == true) story.tell(Code::test_call, event, "It was a test call, made by the gateway.");
  if (const std::string session = text_of(event, "session_id"); !session.empty()) {
    story.tell(Code::session, event, "The caller was signed in from a browser.", {{"session_id", session}});
  }
}

bool is_call_to_door(const Story& story, const Json& event) {
  const auto* account = story.facts.account(text_of(event, "account_id"));
  return account != nullptr && account->kind == model::AccountKind::door;
}

void tell_no_rule(Story& story, const Json& event) {
  const Json parameters{{"code", value_of(event, "code")}, {"reason", value_of(event, "reason")}};
  story.tell(Code::no_rule, event, "No rule allowed it, so the call was refused" + code_of(event) + ".", parameters);
  if (!is_call_to_door(story, event)) return tell_rules_passed_over(story, event);
  story.tell(Code::door_not_allowed, event,
             "A door station is called by panels and mobiles of its own unit, building or site only.");
}

}  // namespace

void tell_incoming(Story& story, const Json& event) {
  tell_called(story, event);
  const std::string answered_by = text_of(story.call, "answered_by");
  const bool answered = value_of(story.call, "answered_at").is_string() && answered_by != "voicemail";
  if (!answered) tell_rules_passed_over(story, event);
}

void tell_denied(Story& story, const Json& event) {
  tell_called(story, event);
  const std::string reason = text_of(event, "reason");
  const Json parameters{{"code", value_of(event, "code")}, {"reason", value_of(event, "reason")}};
  if (reason == "no_rule") return tell_no_rule(story, event);
  if (reason == "unknown_number") {
    return story.tell(Code::unknown_number, event, "Nobody has that number or name" + code_of(event) + ".",
                      {{"dialled", value_of(event, "dialled")}, {"code", value_of(event, "code")}});
  }
  story.tell(Code::denied, event, "The call was refused" + code_of(event) + ".", parameters);
}

}  // namespace neolia::explain
