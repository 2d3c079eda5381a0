// SPDX-License-Identifier: Apache-2.0
/// What people call the things that events name by ids and usernames. What the directory does not know any more is said
/// to be gone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/json.hpp"
#include "rules/facts.hpp"

namespace neolia::explain {

[[nodiscard]] std::string device_name(const rules::Facts& facts, const std::string& username);
/// "Hall, Kitchen and Anna"; of many, the first few and how many more.
[[nodiscard]] std::string device_names(const rules::Facts& facts, const std::vector<std::string>& usernames);
/// `caller` as events have it; the beginning of a sentence.
[[nodiscard]] std::string caller_name(const rules::Facts& facts, const model::Json& caller);
[[nodiscard]] std::string unit_name(const rules::Facts& facts, std::string_view unit_id);
[[nodiscard]] std::string owner_name(const rules::Facts& facts, const model::Owner& owner);
/// "Rule 1 of Flat 401 (@door)"; the beginning of a sentence.
[[nodiscard]] std::string rule_name(const rules::Facts& facts, std::string_view rule_id);
/// rule_id, position, owner, source_pattern; all but the id null when the rule is gone.
[[nodiscard]] model::Json rule_parameters(const rules::Facts& facts, const std::string& rule_id);
/// What was dialled, as far as it can be shown.
[[nodiscard]] std::string dialled_name(const std::string& dialled);

}  // namespace neolia::explain
