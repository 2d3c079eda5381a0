// SPDX-License-Identifier: Apache-2.0
#include "bindings/arguments.hpp"
#include "bindings/json_conversion.hpp"
#include "bindings/register.hpp"

namespace neolia::bindings {
namespace {

using Handle = std::unique_ptr<SharedDirectory>;

template <typename Make>
Handle make_directory(Make&& make) {
  const py::gil_scoped_release without_gil;
  return std::make_unique<SharedDirectory>(unwrap(make()));
}

Handle create(const py::object& path, const py::object& name, const py::object& realm) {
  return make_directory([path = to_path(path, "path"), name = to_text(name, "name"), realm = to_text(realm, "realm")] {
    return store::Directory::create(path, name, realm);
  });
}

Handle open(const py::object& path) {
  return make_directory([path = to_path(path, "path")] { return store::Directory::open(path); });
}

model::Json info_json(const store::Directory& directory) {
  model::Json info = model::to_json(directory.info());
  info["revision"] = directory.revision();
  model::for_each_noun([&](auto noun) {
    info["counts"][noun.plural] = directory.facts().all<typename decltype(noun)::Object>().size();
  });
  return info;
}

}  // namespace

DirectoryClass register_directory(py::module_& module) {
  DirectoryClass directory(module, "Directory", py::is_final());
  directory.def_static("create", create, py::arg("path"), py::arg("name"), py::arg("realm"))
      .def_static("open", open, py::arg("path"))
      .def("close", &SharedDirectory::close)
      .def("info", [](SharedDirectory& self) { return to_python(self.run(info_json)); });
  return directory;
}

}  // namespace neolia::bindings
