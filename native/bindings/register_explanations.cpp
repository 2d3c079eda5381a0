// SPDX-License-Identifier: Apache-2.0
#include "bindings/arguments.hpp"
#include "bindings/json_conversion.hpp"
#include "bindings/register.hpp"
#include "explain/explain.hpp"

namespace neolia::bindings {
namespace {

using model::Json;

model::Result<Json> explained(store::Directory& open, const Json& call) {
  return open.changed_at().map([&](const std::optional<store::Moment>& changed) {
    const auto changed_at =
        changed ? std::optional(std::chrono::floor<std::chrono::microseconds>(*changed)) : std::nullopt;
    return explain::explain(call, open.facts(), changed_at);
  });
}

py::object explain_call(SharedDirectory& self, const py::object& call_id_object) {
  const std::string call_id = to_text(call_id_object, "call_id");
  return to_python(self.run([&](store::Directory& open) {
    return open.get_call(call_id).and_then([&](const Json& call) { return explained(open, call); });
  }));
}

}  // namespace

void register_explanations(DirectoryClass& directory) {
  directory.def("explain_call", explain_call, py::arg("call_id"));
}

}  // namespace neolia::bindings
