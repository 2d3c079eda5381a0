// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bindings/pybind.hpp"

#include "bindings/shared_directory.hpp"

namespace neolia::bindings {

/// Applies one operation as a change of its own.
store::OperationResult change(SharedDirectory& directory, store::Operation operation, const py::object& actor);

}  // namespace neolia::bindings
