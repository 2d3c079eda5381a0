// SPDX-License-Identifier: Apache-2.0
#include "bindings/arguments.hpp"

#include "bindings/directory_error.hpp"
#include "bindings/json_conversion.hpp"
#include "store/refusal.hpp"

namespace neolia::bindings {
namespace {

using model::FieldCode;

[[noreturn]] void refuse(FieldCode code, const char* name, const char* message) {
  throw Refused(store::refusal({{code, name, message}}));
}

}  // namespace

std::string to_text(const py::object& object, const char* name) {
  model::Json json = to_json(object, name);
  if (!json.is_string()) refuse(FieldCode::type, name, "Must be text.");
  return std::move(json.get_ref<std::string&>());
}

std::optional<std::string> to_optional_text(const py::object& object, const char* name) {
  if (object.is_none()) return std::nullopt;
  return to_text(object, name);
}

std::int64_t to_integer(const py::object& object, const char* name) {
  const model::Json json = to_json(object, name);
  if (!json.is_number_integer()) refuse(FieldCode::type, name, "Must be a whole number.");
  return json.get<std::int64_t>();
}

std::optional<std::int64_t> to_optional_integer(const py::object& object, const char* name) {
  if (object.is_none()) return std::nullopt;
  return to_integer(object, name);
}

std::filesystem::path to_path(const py::object& object, const char* name) {
  const auto text = py::reinterpret_steal<py::object>(PyOS_FSPath(object.ptr()));
  PyObject* bytes = nullptr;
  // Refuses NUL too, where the system would see the path's end.
  if (!text || PyUnicode_FSConverter(text.ptr(), static_cast<void*>(&bytes)) == 0) {
    PyErr_Clear();
    refuse(FieldCode::type, name, "Must be a path.");
  }
  return std::filesystem::path(py::reinterpret_steal<py::bytes>(bytes).cast<std::string>());
}

}  // namespace neolia::bindings
