// SPDX-License-Identifier: Apache-2.0
/// A directory in a folder of its own, and short ways to change it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "store/directory.hpp"

namespace neolia::store {

namespace fs = std::filesystem;
using model::Id;
using model::Json;

/// A folder that goes with the test.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / "neolia-store-XXXXXX") {
    std::string name = path_.string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_)) names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }

 private:
  fs::path path_;
};

inline std::string bytes_of(const fs::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

inline void write_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

inline Operation create(const char* noun, Json fields, Id id = "") {
  return {OperationKind::create, noun, std::move(id), std::move(fields), {}, ""};
}
inline Operation update(const char* noun, Id id, Json fields) {
  return {OperationKind::update, noun, std::move(id), std::move(fields), {}, ""};
}
inline Operation remove(const char* noun, Id id) {
  return {OperationKind::remove, noun, std::move(id), Json::object(), {}, ""};
}
inline Operation with_password(Operation operation, Json password) {
  operation.password = std::move(password);
  return operation;
}

/// "code path" of every bad field, sorted, several separated by ", ".
inline std::string fields_of(const model::Error& error) {
  std::vector<std::string> fields;
  for (const auto& field : error.fields) fields.push_back(std::string(to_string(field.code)) + " " + field.path);
  std::ranges::sort(fields);
  std::string text;
  for (const std::string& field : fields) text += (text.empty() ? "" : ", ") + field;
  return text;
}

/// One site, one building, one unit, a door station and a panel.
class DirectoryTest : public testing::Test {
 protected:
  DirectoryTest() {
    auto made = Directory::create(file, "Home", "home.example");
    EXPECT_TRUE(made) << made.error().message;
    directory = *std::move(made);
    site = must(create("site", {{"name", "Home"}, {"time_zone", "Europe/Paris"}, {"domain", "192.168.1.2"}}));
    building = must(create("building", {{"site_id", site}, {"name", "Main"}, {"code", "A"}}));
    unit = must(create("unit", {{"building_id", building}, {"number", "401"}}));
    gate = must(create("account", {{"owner", owner("site", site)}, {"kind", "door"}, {"username", "gate"}}));
    hall = must(create("account", {{"owner", owner("unit", unit)}, {"kind", "panel"}, {"username", "hall"}}));
  }

  static Json owner(const char* type, const Id& id) { return {{"type", type}, {"id", id}}; }

  model::Result<Applied> apply(const std::vector<Operation>& operations) {
    return directory->apply(operations, "tests");
  }

  /// Applies an operation that fits; the id of its object.
  Id must(const Operation& operation) {
    auto applied = apply({operation});
    EXPECT_TRUE(applied) << applied.error().message;
    return applied ? applied->results.front().id : Id();
  }

  /// The object as the facts have it.
  template <typename Object>
  [[nodiscard]] Object present(const Id& id) const {
    const Object* object = directory->facts().template find<Object>(id);
    if (object != nullptr) return *object;
    ADD_FAILURE() << id << " is not there";
    return {};
  }

  void reopen() {
    directory.reset();
    auto opened = Directory::open(file);
    ASSERT_TRUE(opened) << opened.error().message;
    directory = *std::move(opened);
  }

  /// Everything the facts hold, by noun, in the order of ids.
  [[nodiscard]] model::Objects objects() const {
    model::Objects all;
    model::for_each_noun([&](auto noun) {
      using Object = typename decltype(noun)::Object;
      auto& list = noun.objects(all);
      for (const Object& object : directory->facts().template all<Object>()) list.push_back(object);
      std::ranges::sort(list, {}, &Object::id);
    });
    return all;
  }

  Folder folder;
  fs::path file = folder / "directory.sqlite";
  std::unique_ptr<Directory> directory;
  Id site, building, unit, gate, hall;
};

}  // namespace neolia::store
