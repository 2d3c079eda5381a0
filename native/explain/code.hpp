// SPDX-License-Identifier: Apache-2.0
/// What a sentence of an explanation says. A translation needs the code and the parameters; the text is English.
#pragma once

namespace neolia::explain {

enum class Code {
  // How it began. Parameters: caller_account_id, caller, dialled, called.
  called,
  test_call,       ///< made by the gateway as the caller
  session,         ///< signed in from a browser: session_id
  beginning_lost,  ///< the first events are not kept any more

  // Steps. Parameters: step, rule_id, position, owner, source_pattern (null for a call to a door or a deleted rule).
  step_ring,       ///< seconds, names, usernames
  step_forward,    ///< seconds, to (a name or a SIP URI)
  step_voicemail,  //
  step_reject,     ///< code
  step_skipped,    ///< action: nobody left to ring, or voicemail was not ready

  // Devices. Parameters: username, name (empty for a SIP URI).
  not_registered,  ///< since (UTC; null when it never was)
  rang,            //
  joined,          ///< seconds since the call began
  refused,         ///< code
  did_not_ring,    ///< it was registered, but nothing came back

  // Why rules did not apply, as simulate() says it of the call's moment. Parameters: as of steps.
  rule_off,
  rule_other_source,
  rule_other_time,
  rule_nobody_to_ring,
  rule_do_not_disturb,
  rule_too_many_steps,
  rule_would_apply,   ///< it does now, and did not then
  door_not_allowed,   ///< this caller may not call this door station
  rules_unknown,      ///< caller or called are not in the directory any more
  directory_changed,  ///< after the call: what was said of rules may not be what was true then

  // How it went on and ended. Parameters: seconds where time has passed; code and reason as the event has them.
  answered,  ///< username, name, seconds since the call began
  voicemail_answered,
  declined,           ///< username, name
  no_answer,          ///< seconds of the step, or null
  nobody_registered,  //
  everybody_busy,
  rejected,
  cancelled,  ///< seconds since the call began
  no_media,   ///< a browser without RTPEngine
  missed,     ///< for another reason
  no_rule,
  unknown_number,  ///< dialled
  denied,          ///< for another reason
  hung_up,         ///< seconds since the answer
  media_lost,
  door_opened,
  stopped,
  revoked,
  ended,       ///< for another reason
  no_packets,  ///< RTPEngine relayed nothing
  message,     ///< message_id, seconds, video
  not_over     ///< no end was told
};

inline constexpr int kCodeCount = static_cast<int>(Code::not_over) + 1;

[[nodiscard]] const char* to_string(Code code);

}  // namespace neolia::explain
