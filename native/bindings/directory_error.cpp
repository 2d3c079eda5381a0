// SPDX-License-Identifier: Apache-2.0
#include "bindings/directory_error.hpp"

#include <pybind11/gil_safe_call_once.h>

#include <string>

#include "bindings/json_conversion.hpp"
#include "model/json.hpp"

namespace neolia::bindings {
namespace {

constexpr const char* kDoc = "Why a call was refused; nothing was changed then. See `code`, `message` and `fields`.";

/// A property that reads an item of `args`, where BaseException keeps what it was made with.
template <std::size_t kIndex>
py::object argument() {
  const auto get = [](const py::object& self) -> py::object { return py::tuple(self.attr("args"))[kIndex]; };
  return py::module_::import("builtins").attr("property")(py::cpp_function(get));
}

py::object make_type(const std::string& module_name) {
  const std::string name = module_name + ".DirectoryError";
  auto type =
      py::reinterpret_steal<py::object>(PyErr_NewExceptionWithDoc(name.c_str(), kDoc, PyExc_Exception, nullptr));
  if (!type) throw py::error_already_set();
  type.attr("code") = argument<0>();
  type.attr("message") = argument<1>();
  type.attr("fields") = argument<2>();
  type.attr("__str__") = py::cpp_function([](const py::object& self) { return self.attr("message"); },
                                          py::name("__str__"), py::is_method(type));
  return type;
}

/// Kept for the life of the process: an exception may be translated while modules are torn down.
PYBIND11_CONSTINIT py::gil_safe_call_once_and_store<py::object> error_type;

void raise(const model::Error& error) {
  const py::object& type = error_type.get_stored();
  const py::object instance =
      type(model::to_string(error.code), error.message, to_python(model::to_json(error)["fields"]));
  PyErr_SetObject(type.ptr(), instance.ptr());
}

}  // namespace

void register_directory_error(py::module_& module) {
  const auto module_name = module.attr("__name__").cast<std::string>();
  error_type.call_once_and_store_result([&] { return make_type(module_name); });
  module.attr("DirectoryError") = error_type.get_stored();
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(std::move(thrown));
    } catch (const Refused& refused) {
      raise(refused.error);
    }
  });
}

}  // namespace neolia::bindings
