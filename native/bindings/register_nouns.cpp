// SPDX-License-Identifier: Apache-2.0
#include "bindings/arguments.hpp"
#include "bindings/change.hpp"
#include "bindings/json_conversion.hpp"
#include "bindings/register.hpp"
#include "store/listing.hpp"
#include "store/refusal.hpp"

namespace neolia::bindings {
namespace {

using model::Json;
using store::Operation;
using store::OperationKind;

template <typename Object>
void register_list(DirectoryClass& directory, const std::string& plural) {
  const auto list = [](SharedDirectory& self, const py::object& filter) {
    const Json json = to_json(filter, "filter");
    return to_python(self.run([&](store::Directory& open) { return store::list<Object>(open.facts(), json); }));
  };
  directory.def(("list_" + plural).c_str(), list, py::arg("filter") = py::none());
}

template <typename Object>
void register_get(DirectoryClass& directory, const std::string& name) {
  const auto get = [name](SharedDirectory& self, const py::object& id_object) {
    const std::string id = to_text(id_object, "id");
    return to_python(self.run([&](store::Directory& open) -> model::Result<Json> {
      const Object* object = open.facts().find<Object>(id);
      if (object == nullptr) return tl::unexpected(store::not_found(name));
      return model::to_json(*object);
    }));
  };
  directory.def(("get_" + name).c_str(), get, py::arg("id"));
}

void register_create(DirectoryClass& directory, const std::string& name) {
  const auto create = [name](SharedDirectory& self, const py::object& fields, const py::object& actor) {
    return to_python(change(self, {OperationKind::create, name, "", to_json(fields, ""), {}, ""}, actor).object);
  };
  directory.def(("create_" + name).c_str(), create, py::arg("fields"), py::kw_only(), py::arg("actor"));
}

void register_update(DirectoryClass& directory, const std::string& name) {
  const auto update = [name](SharedDirectory& self, const py::object& id, const py::object& fields,
                             const py::object& actor) {
    Operation operation{OperationKind::update, name, to_text(id, "id"), to_json(fields, ""), {}, ""};
    return to_python(change(self, std::move(operation), actor).object);
  };
  directory.def(("update_" + name).c_str(), update, py::arg("id"), py::arg("fields"), py::kw_only(), py::arg("actor"));
}

void register_delete(DirectoryClass& directory, const std::string& name) {
  const auto remove = [name](SharedDirectory& self, const py::object& id, const py::object& actor) {
    change(self, {OperationKind::remove, name, to_text(id, "id"), Json::object(), {}, ""}, actor);
  };
  directory.def(("delete_" + name).c_str(), remove, py::arg("id"), py::kw_only(), py::arg("actor"));
}

}  // namespace

void register_nouns(DirectoryClass& directory) {
  model::for_each_noun([&](auto noun) {
    using Object = typename decltype(noun)::Object;
    register_list<Object>(directory, noun.plural);
    register_get<Object>(directory, noun.name);
    register_delete(directory, noun.name);
    // Accounts have passwords: register_accounts().
    if constexpr (!std::is_same_v<Object, model::Account>) {
      register_create(directory, noun.name);
      register_update(directory, noun.name);
    }
  });
}

}  // namespace neolia::bindings
