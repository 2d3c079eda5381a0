// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/error.hpp"
#include "model/json.hpp"
#include "rules/facts.hpp"

namespace neolia::store {

/// The objects of a noun as a JSON list: all of them in the order of their ids, or those of one parent, named by
/// `filter`: null or an object with `site_id` (buildings), `building_id` (units), `account_id` (doors) or `owner`
/// (accounts, rules). For each noun of the model.
template <typename Object>
[[nodiscard]] model::Result<model::Json> list(const rules::Facts& facts, const model::Json& filter);

}  // namespace neolia::store
