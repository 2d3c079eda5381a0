// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include "bindings/arguments.hpp"
#include "bindings/json_conversion.hpp"
#include "bindings/register.hpp"

#include "store/refusal.hpp"

namespace neolia::bindings {
namespace {

using model::Json;

/// `[(number, event)]`; tuples arrive as lists.
std::vector<store::NumberedEvent> read_events(Json json) {
  const auto is_pair = [](const Json& item) {
    return item.is_array() && item.size() == 2 && item[0].is_number_integer();
  };
  if (!json.is_array() || !std::ranges::all_of(json, is_pair)) {
    throw Refused(
        store::refusal({{model::FieldCode::type, "events", "Must be a list of numbers, each with its event."}}));
  }
  std::vector<store::NumberedEvent> events;
  for (Json& item : json) events.emplace_back(item[0].get<std::int64_t>(), std::move(item[1]));
  return events;
}

std::vector<std::int64_t> record(SharedDirectory& self, const py::object& stream_object, const py::object& events) {
  const std::string stream = to_text(stream_object, "stream");
  const auto read = read_events(to_json(events, "events"));
  return self.run([&](store::Directory& open) { return open.record_events(stream, read); });
}

py::object event_cursor(SharedDirectory& self) {
  const auto cursor = self.run([](store::Directory& open) { return open.event_cursor(); });
  return cursor ? py::object(py::make_tuple(cursor->stream, cursor->number)) : py::none();
}

py::object list_calls(SharedDirectory& self, const py::object& limit_object, const py::object& before_object,
                      const py::object& unit_id_object) {
  const auto limit = to_integer(limit_object, "limit");
  const auto before = to_optional_integer(before_object, "before");
  const auto unit_id = to_optional_text(unit_id_object, "unit_id");
  return to_python(self.run([&](store::Directory& open) { return open.list_calls(limit, before, unit_id); }));
}

}  // namespace

void register_events(DirectoryClass& directory) {
  const auto record_events = [](SharedDirectory& self, const py::object& stream, const py::object& events) {
    return to_python(record(self, stream, events));
  };
  directory.def("record_events", record_events, py::arg("stream"), py::arg("events"))
      .def("event_cursor", event_cursor)
      .def("list_calls", list_calls, py::arg("limit"), py::arg("before") = py::none(), py::arg("unit_id") = py::none());
}

}  // namespace neolia::bindings
