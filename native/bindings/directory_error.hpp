// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bindings/pybind.hpp"

#include <exception>
#include <utility>

#include "model/error.hpp"

namespace neolia::bindings {

/// An error value on its way to Python, where it is DirectoryError(code, message, fields).
struct Refused : std::exception {
  explicit Refused(model::Error reason) : error(std::move(reason)) {}
  [[nodiscard]] const char* what() const noexcept override { return error.message.c_str(); }

  model::Error error;
};

/// The value of a result, or its error thrown.
template <typename Value>
Value unwrap(model::Result<Value> result) {
  if (!result) throw Refused(std::move(result).error());
  if constexpr (!std::is_void_v<Value>) return *std::move(result);
}

void register_directory_error(py::module_& module);

}  // namespace neolia::bindings
