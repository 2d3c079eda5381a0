// SPDX-License-Identifier: Apache-2.0
#include "explain/code.hpp"

#include <array>
#include <cstddef>

namespace neolia::explain {
namespace {

/// In the order of the enumerators.
constexpr std::array kNames{"called",
                            "test_call",
                            "session",
                            "beginning_lost",
                            "step_ring",
                            "step_forward",
                            "step_voicemail",
                            "step_reject",
                            "step_skipped",
                            "not_registered",
                            "rang",
                            "joined",
                            "refused",
                            "did_not_ring",
                            "rule_off",
                            "rule_other_source",
                            "rule_other_time",
                            "rule_nobody_to_ring",
                            "rule_do_not_disturb",
                            "rule_too_many_steps",
                            "rule_would_apply",
                            "door_not_allowed",
                            "rules_unknown",
                            "directory_changed",
                            "answered",
                            "voicemail_answered",
                            "declined",
                            "no_answer",
                            "nobody_registered",
                            "everybody_busy",
                            "rejected",
                            "cancelled",
                            "no_media",
                            "missed",
                            "no_rule",
                            "unknown_number",
                            "denied",
                            "hung_up",
                            "media_lost",
                            "door_opened",
                            "stopped",
                            "revoked",
                            "ended",
                            "no_packets",
                            "message",
                            "not_over"};
static_assert(kNames.size() == kCodeCount);

}  // namespace

const char* to_string(Code code) { return kNames[static_cast<std::size_t>(code)]; }

}  // namespace neolia::explain
