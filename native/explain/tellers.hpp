// SPDX-License-Identifier: Apache-2.0
/// One function for each type of event: it adds the sentences that the event is worth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "explain/story.hpp"

namespace neolia::explain {

void tell_incoming(Story& story, const Json& event);
void tell_denied(Story& story, const Json& event);
void tell_step(Story& story, const Json& event);
void tell_ringing(Story& story, const Json& event);
void tell_joined(Story& story, const Json& event);
void tell_refused(Story& story, const Json& event);
void tell_answered(Story& story, const Json& event);
void tell_declined(Story& story, const Json& event);
void tell_missed(Story& story, const Json& event);
void tell_ended(Story& story, const Json& event);
void tell_message(Story& story, const Json& event);

/// Devices of the present step from which nothing came, once they have had the time.
void tell_silent_devices(Story& story, const Json& event);
/// The steps between the present one and `next` that were not taken; the present one too when it was voicemail.
void tell_skipped_steps(Story& story, const Json& event, std::size_t next);
/// The seconds of the present step when it rang for all of them.
[[nodiscard]] std::optional<std::int64_t> seconds_rung(const Story& story, const Json& event);
void tell_no_answer(Story& story, const Json& event, std::optional<std::int64_t> seconds);

/// Who did it: `by` of the event.
[[nodiscard]] std::string device_of(const Story& story, const Json& event);
[[nodiscard]] Json device_parameters(const Story& story, const Json& event);
/// " (486)"; nothing for a 200.
[[nodiscard]] std::string code_of(const Json& event);

/// Why the rules that did not become steps did not.
void tell_rules_passed_over(Story& story, const Json& event);

}  // namespace neolia::explain
