// SPDX-License-Identifier: Apache-2.0
#include "bindings/json_conversion.hpp"

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "bindings/directory_error.hpp"
#include "model/fields.hpp"
#include "model/forms.hpp"
#include "store/refusal.hpp"

namespace neolia::bindings {
namespace {

using model::FieldCode;
using model::Json;
using model::Place;

constexpr int kMaxDepth = 16;
/// More than 10,000 operations with the largest rules have.
constexpr std::size_t kMaxValues = 2'000'000;
/// Converted in one go before other threads of Python may run.
constexpr std::size_t kBatch = 500;

class Converter {
 public:
  /// Notes what does not convert and puts null in its place.
  Json convert(py::handle object, const Place& place, int depth) {
    if (depth > kMaxDepth) give_up(place, FieldCode::range, "Is nested too deeply.");
    if (++values_ > kMaxValues) give_up(place, FieldCode::too_many, "There are too many values.");
    if (gave_up_) return nullptr;
    if (object.is_none()) return nullptr;
    if (PyBool_Check(object.ptr())) return object.ptr() == Py_True;
    if (PyLong_Check(object.ptr())) return convert_int(object, place);
    if (PyFloat_Check(object.ptr())) return convert_float(object, place);
    if (PyUnicode_Check(object.ptr())) return convert_text(object, place);
    if (PyDict_Check(object.ptr())) return convert_dict(object, place, depth);
    if (PyList_Check(object.ptr()) || PyTuple_Check(object.ptr())) return convert_list(object, place, depth);
    return refuse(place, FieldCode::type, "Must be text, a number, true, false, null, a list or an object.");
  }

 private:
  static Json refuse(const Place& place, FieldCode code, const char* message) {
    place.refuse(code, message);
    return nullptr;
  }

  /// Nothing more is looked at: there could be millions of such places.
  void give_up(const Place& place, FieldCode code, const char* message) {
    if (!gave_up_) place.refuse(code, message);
    gave_up_ = true;
  }

  static Json convert_int(py::handle object, const Place& place) {
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(object.ptr(), &overflow);
    if (overflow != 0) return refuse(place, FieldCode::range, "Is too large a number.");
    return value;
  }

  static Json convert_float(py::handle object, const Place& place) {
    const double value = PyFloat_AS_DOUBLE(object.ptr());
    if (!std::isfinite(value)) return refuse(place, FieldCode::range, "Must be a finite number.");
    return value;
  }

  static Json convert_text(py::handle object, const Place& place) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(object.ptr(), &size);
    if (text != nullptr) return std::string(text, static_cast<std::size_t>(size));
    PyErr_Clear();
    return refuse(place, FieldCode::format, "Must be text that can be written as UTF-8.");
  }

  Json convert_dict(py::handle object, const Place& place, int depth) {
    Json json = Json::object();
    for (const auto& [key, value] : py::reinterpret_borrow<py::dict>(object)) {
      if (gave_up_) break;
      const Json name = PyUnicode_Check(key.ptr()) ? convert_text(key, place) : Json();
      if (!name.is_string()) {
        place.refuse(FieldCode::type, "Names of fields must be text.");
        continue;
      }
      const auto& text = name.get_ref<const std::string&>();
      json[text] = convert(value, place.field(model::kFieldName.fits(text) ? std::string_view(text) : "?"), depth + 1);
    }
    return json;
  }

  Json convert_list(py::handle object, const Place& place, int depth) {
    Json json = Json::array();
    // A list or tuple itself, so that no method of a subclass runs.
    const auto items = py::reinterpret_steal<py::object>(PySequence_Fast(object.ptr(), ""));
    const auto size = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(items.ptr()));
    for (std::size_t i = 0; i < size && !gave_up_; ++i) {
      json.push_back(convert(PySequence_Fast_ITEMS(items.ptr())[i], place.item(i), depth + 1));
    }
    return json;
  }

  std::size_t values_ = 0;
  bool gave_up_ = false;
};

py::object list_to_python(const Json& json) {
  py::list list;
  for (const Json& item : json) {
    list.append(to_python(item));
    if (list.size() % kBatch == 0) py::gil_scoped_release others_run;
  }
  return list;
}

py::object dict_to_python(const Json& json) {
  py::dict dict;
  for (const auto& [name, value] : json.get_ref<const Json::object_t&>()) {
    if (PyDict_SetItem(dict.ptr(), py::str(name).ptr(), to_python(value).ptr()) != 0) throw py::error_already_set();
  }
  return dict;
}

}  // namespace

Json to_json(py::handle object, const std::string& path) {
  std::vector<model::FieldError> errors;
  Json json = Converter().convert(object, Place(path, errors), 0);
  if (!errors.empty()) throw Refused(store::refusal(std::move(errors)));
  return json;
}

py::object to_python(const Json& json) {
  switch (json.type()) {
    case Json::value_t::object:
      return dict_to_python(json);
    case Json::value_t::array:
      return list_to_python(json);
    case Json::value_t::string:
      return py::str(json.get_ref<const std::string&>());
    case Json::value_t::boolean:
      return py::bool_(json.get<bool>());
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return py::int_(json.get<std::int64_t>());
    case Json::value_t::number_float:
      return py::float_(json.get<double>());
    default:
      return py::none();
  }
}

}  // namespace neolia::bindings
