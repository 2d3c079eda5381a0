// SPDX-License-Identifier: Apache-2.0
#include "bindings/arguments.hpp"
#include "bindings/register.hpp"
#include "snapshot/snapshot.hpp"

namespace neolia::bindings {
namespace {

/// The objects of a change set as they are now.
model::Change to_change(const store::ChangeSet& set, const rules::Facts& facts) {
  model::Change change;
  model::for_each_noun([&](auto noun) {
    for (const auto* ids : {&set.added, &set.updated}) {
      for (const model::Id& id : noun.ids(*ids)) {
        if (const auto* object = facts.find<typename decltype(noun)::Object>(id)) {
          noun.objects(change.put).push_back(*object);
        }
      }
    }
  });
  change.removed = set.removed;
  return change;
}

std::string snapshot_of(const store::Directory& directory) {
  return snapshot::write(directory.info(), directory.revision(), directory.facts());
}

std::optional<std::string> changes_of(store::Directory& directory, store::Revision base) {
  const auto set = unwrap(directory.changes_since(base));
  if (!set) return std::nullopt;
  return snapshot::write({directory.info().id, base, set->revision, to_change(*set, directory.facts())});
}

py::object snapshot_changes(SharedDirectory& self, const py::object& base_revision) {
  const auto base = to_integer(base_revision, "base_revision");
  const auto text = self.run([&](store::Directory& open) { return changes_of(open, base); });
  return text ? py::object(py::str(*text)) : py::none();
}

}  // namespace

void register_snapshots(DirectoryClass& directory) {
  directory.def("snapshot", [](SharedDirectory& self) { return py::str(self.run(snapshot_of)); })
      .def("snapshot_changes", snapshot_changes, py::arg("base_revision"));
}

}  // namespace neolia::bindings
