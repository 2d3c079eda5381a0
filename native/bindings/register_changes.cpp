// SPDX-License-Identifier: Apache-2.0
#include "bindings/arguments.hpp"
#include "bindings/change.hpp"
#include "bindings/json_conversion.hpp"
#include "bindings/register.hpp"

namespace neolia::bindings {
namespace {

using model::Json;

Json ids_json(const model::ObjectIds& ids) {
  Json json;
  model::for_each_noun([&](auto noun) { json[noun.plural] = noun.ids(ids); });
  return json;
}

Json applied_json(const store::Applied& applied) {
  Json results = Json::array();
  for (const store::OperationResult& result : applied.results) {
    results.push_back({{"id", result.id}, {"object", result.object}});
    if (result.password) results.back()["password"] = *result.password;
  }
  return {{"revision", applied.revision}, {"results", std::move(results)}};
}

py::object apply(SharedDirectory& self, const py::object& operations, const py::object& actor_object) {
  const Json json = to_json(operations, "operations");
  const std::string actor = to_text(actor_object, "actor");
  return to_python(self.run([&](store::Directory& open) {
    return store::read_operations(json)
        .and_then([&](const auto& read) { return open.apply(read, actor); })
        .map(applied_json);
  }));
}

py::object changes_since(SharedDirectory& self, const py::object& revision) {
  const auto base = to_integer(revision, "revision");
  const auto changes = self.run([&](store::Directory& open) { return open.changes_since(base); });
  if (!changes) return py::none();
  return to_python({{"revision", changes->revision},
                    {"added", ids_json(changes->added)},
                    {"updated", ids_json(changes->updated)},
                    {"removed", ids_json(changes->removed)}});
}

py::object list_audit(SharedDirectory& self, const py::object& limit_object, const py::object& before_object) {
  const auto limit = to_integer(limit_object, "limit");
  const auto before = to_optional_integer(before_object, "before");
  return to_python(self.run([&](store::Directory& open) { return open.list_audit(limit, before); }));
}

}  // namespace

store::OperationResult change(SharedDirectory& directory, store::Operation operation, const py::object& actor_object) {
  const std::string actor = to_text(actor_object, "actor");
  std::vector<store::Operation> operations;
  operations.push_back(std::move(operation));
  auto applied = directory.run([&](store::Directory& open) { return open.apply(operations, actor); });
  return std::move(applied.results.front());
}

void register_changes(DirectoryClass& directory) {
  directory.def("apply", apply, py::arg("operations"), py::kw_only(), py::arg("actor"))
      .def("changes_since", changes_since, py::arg("revision"))
      .def("list_audit", list_audit, py::arg("limit"), py::arg("before") = py::none());
}

}  // namespace neolia::bindings
