// SPDX-License-Identifier: Apache-2.0
/// Arguments as C++ values. They are taken as objects and converted here, because pybind11 repeats the arguments of a
/// call that does not fit in its TypeError, passwords included. All throw Refused (`invalid`) with the argument's name
/// as path.
#pragma once

#include "bindings/pybind.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace neolia::bindings {

[[nodiscard]] std::string to_text(const py::object& object, const char* name);
[[nodiscard]] std::optional<std::string> to_optional_text(const py::object& object, const char* name);
[[nodiscard]] std::int64_t to_integer(const py::object& object, const char* name);
[[nodiscard]] std::optional<std::int64_t> to_optional_integer(const py::object& object, const char* name);
[[nodiscard]] std::filesystem::path to_path(const py::object& object, const char* name);

}  // namespace neolia::bindings
