// SPDX-License-Identifier: Apache-2.0
/// Python objects to JSON values and back, without a detour through text.
#pragma once

#include "bindings/pybind.hpp"

#include <string>

#include "model/json.hpp"

namespace neolia::bindings {

/// None, bool, int, float, str, list, tuple and dict with str keys. Throws Refused (`invalid`) with the paths, below
/// `path`, of everything else, of numbers that JSON does not have, and of what is nested or large beyond reason. Runs
/// no Python code.
[[nodiscard]] model::Json to_json(py::handle object, const std::string& path);

[[nodiscard]] py::object to_python(const model::Json& json);

}  // namespace neolia::bindings
