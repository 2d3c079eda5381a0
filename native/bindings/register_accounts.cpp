// SPDX-License-Identifier: Apache-2.0
#include "bindings/arguments.hpp"
#include "bindings/change.hpp"
#include "bindings/json_conversion.hpp"
#include "bindings/register.hpp"
#include "model/credentials.hpp"

namespace neolia::bindings {
namespace {

using model::Json;
using store::Operation;
using store::OperationKind;

py::tuple create_account(SharedDirectory& self, const py::object& fields, const py::object& actor,
                         const py::object& password) {
  Operation operation{OperationKind::create, "account", "", to_json(fields, ""), to_json(password, "password"), ""};
  const auto created = change(self, std::move(operation), actor);
  return py::make_tuple(to_python(created.object), created.password.value());
}

py::object update_account(SharedDirectory& self, const py::object& id, const py::object& fields,
                          const py::object& actor, const py::object& password) {
  Operation operation{OperationKind::update,         "account", to_text(id, "id"), to_json(fields, ""),
                      to_json(password, "password"), ""};
  return to_python(change(self, std::move(operation), actor).object);
}

std::string reset_password(SharedDirectory& self, const py::object& account_id, const py::object& actor,
                           const py::object& password) {
  Json chosen = to_json(password, "password");
  if (chosen.is_null()) chosen = model::make_password();
  change(self, {OperationKind::update, "account", to_text(account_id, "account_id"), Json::object(), chosen, ""},
         actor);
  return chosen.get<std::string>();
}

}  // namespace

void register_accounts(DirectoryClass& directory) {
  directory
      .def("create_account", create_account, py::arg("fields"), py::kw_only(), py::arg("actor"),
           py::arg("password") = py::none())
      .def("update_account", update_account, py::arg("id"), py::arg("fields"), py::kw_only(), py::arg("actor"),
           py::arg("password") = py::none())
      .def("reset_password", reset_password, py::arg("account_id"), py::kw_only(), py::arg("actor"),
           py::arg("password") = py::none());
}

}  // namespace neolia::bindings
