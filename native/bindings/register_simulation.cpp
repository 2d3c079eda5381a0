// SPDX-License-Identifier: Apache-2.0
#include "bindings/arguments.hpp"
#include "bindings/register.hpp"
#include "bindings/simulated.hpp"
#include "rules/moment.hpp"
#include "store/refusal.hpp"

namespace neolia::bindings {
namespace {

rules::Time to_moment(const py::object& object) {
  const auto text = to_optional_text(object, "at");
  if (!text) return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto moment = rules::parse_moment(*text);
  if (moment) return std::chrono::floor<std::chrono::seconds>(*moment);
  throw Refused(
      store::refusal({{model::FieldCode::format, "at", "Must be a moment in UTC, like 2026-11-22T20:00:00Z."}}));
}

py::object simulate(SharedDirectory& self, const py::object& caller_account_id, const py::object& dialled_object,
                    const py::object& at_object) {
  const std::string caller_id = to_text(caller_account_id, "caller_account_id");
  const std::string dialled = to_text(dialled_object, "dialled");
  const rules::Time at = to_moment(at_object);
  return to_python(self.run([&](store::Directory& open) { return simulated(open.facts(), caller_id, dialled, at); }));
}

}  // namespace

void register_simulation(DirectoryClass& directory) {
  directory.def("simulate", simulate, py::arg("caller_account_id"), py::arg("dialled"), py::arg("at") = py::none());
}

}  // namespace neolia::bindings
