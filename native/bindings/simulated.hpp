// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bindings/pybind.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/simulate.hpp"

namespace neolia::bindings {

/// A simulation with copies of all that its Python form needs of the facts. It becomes Python objects directly: through
/// JSON, which is many small allocations, one call of simulate() would take twice as long.
struct Simulated {
  struct Place {
    model::Owner owner;
    int position = 0;
  };

  rules::Simulation simulation;
  std::optional<model::Id> site_id, building_id, unit_id, account_id;  ///< of what was called
  std::vector<Place> places;                                           ///< of simulation.rules
};

[[nodiscard]] Simulated simulated(const rules::Facts& facts, std::string_view caller_account_id,
                                  std::string_view dialled, rules::Time at);

/// docs/architecture.md §6.
[[nodiscard]] py::object to_python(const Simulated& simulated);

}  // namespace neolia::bindings
