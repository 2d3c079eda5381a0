// SPDX-License-Identifier: Apache-2.0
#include "bindings/pybind.hpp"

#include "bindings/directory_error.hpp"
#include "bindings/register.hpp"

PYBIND11_MODULE(_core, module) {
  using namespace neolia::bindings;

  module.doc() = "The directory of Neolia Intercom. Call it from executor threads only.";
  register_directory_error(module);
  auto directory = register_directory(module);
  register_nouns(directory);
  register_accounts(directory);
  register_changes(directory);
  register_simulation(directory);
  register_snapshots(directory);
  register_events(directory);
  register_explanations(directory);
}
