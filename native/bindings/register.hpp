// SPDX-License-Identifier: Apache-2.0
/// One function per concept; each adds its methods to the class.
#pragma once

#include "bindings/pybind.hpp"

#include "bindings/shared_directory.hpp"

namespace neolia::bindings {

using DirectoryClass = py::class_<SharedDirectory>;

DirectoryClass register_directory(py::module_& module);
void register_nouns(DirectoryClass& directory);
void register_accounts(DirectoryClass& directory);
void register_changes(DirectoryClass& directory);
void register_simulation(DirectoryClass& directory);
void register_snapshots(DirectoryClass& directory);
void register_events(DirectoryClass& directory);
void register_explanations(DirectoryClass& directory);

}  // namespace neolia::bindings
