// SPDX-License-Identifier: Apache-2.0
/// Why did it (not) ring? A call's events as sentences, in order: who called, which rules became steps, which devices
/// were registered, what each of them answered, how it ended, whether sound got through.
#pragma once

#include <optional>

#include "model/json.hpp"
#include "rules/facts.hpp"
#include "rules/moment.hpp"

namespace neolia::explain {

/// `call` as the store lists it, with its events (docs/architecture.md §4, §6). `changed_at`: the directory's newest
/// change. Names are those of today; what is gone since is said to be gone. Pure; takes whatever JSON it is given:
/// fields of another form than the gateway's are passed over.
///
/// `{"call_id", "outcome", "sentences": [{"code", "at", "text", "parameters"}]}`; codes: explain/code.hpp. `outcome` is
/// `answered`, `message` (left), `declined`, `missed` or `denied`; null while the call has not ended.
[[nodiscard]] model::Json explain(const model::Json& call, const rules::Facts& facts,
                                  std::optional<rules::Moment> changed_at);

}  // namespace neolia::explain
