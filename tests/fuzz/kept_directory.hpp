// SPDX-License-Identifier: Apache-2.0
/// The directory of the targets as a file, for those that change it: each input gets it as it was.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "directory.hpp"
#include "snapshot/snapshot.hpp"
#include "store/directory.hpp"
#include "target.hpp"

namespace neolia::fuzz {

/// One operation for each object.
inline std::vector<store::Operation> creations(const model::Objects& all) {
  std::vector<store::Operation> operations;
  model::for_each_noun([&](auto noun) {
    for (const auto& object : noun.objects(all)) {
      model::Json fields = model::to_json(object);
      fields.erase("id");
      operations.push_back({store::OperationKind::create, noun.name, object.id, std::move(fields), {}, ""});
    }
  });
  return operations;
}

inline std::vector<store::Operation> removals_of_rules(const rules::Facts& facts) {
  std::vector<store::Operation> operations;
  for (const auto& rule : facts.all<model::Rule>()) {
    operations.push_back({store::OperationKind::remove, "rule", rule.id, model::Json::object(), {}, ""});
  }
  return operations;
}

class KeptDirectory {
 public:
  KeptDirectory() {
    auto made = store::Directory::create(template_, example::kDirectory.name, example::kDirectory.realm);
    expect(made.has_value(), "the directory can be made");
    const auto apply = [&](const std::vector<store::Operation>& operations) {
      expect((*made)->apply(operations, "fuzz").has_value(), "the directory of the targets is consistent");
    };
    model::Objects all = objects();
    const auto rules = std::exchange(all.rules, {});
    apply(creations(all));
    apply(removals_of_rules((*made)->facts()));  // those that a site begins with
    all = {};
    all.rules = rules;
    apply(creations(all));
  }

  /// As it was made; one at a time.
  std::unique_ptr<store::Directory> fresh() {
    for (const auto* rest : {"-wal", "-shm"}) std::filesystem::remove(file_.string() + rest);
    std::filesystem::copy_file(template_, file_, std::filesystem::copy_options::overwrite_existing);
    return open();
  }

  std::unique_ptr<store::Directory> open() {
    auto opened = store::Directory::open(file_);
    expect(opened.has_value(), "the directory can be opened");
    return *std::move(opened);
  }

 private:
  gateway::Folder folder_;
  std::filesystem::path template_ = folder_.file("template.sqlite");
  std::filesystem::path file_ = folder_.file("directory.sqlite");
};

inline std::string text_of(const store::Directory& directory) {
  return snapshot::write(directory.info(), directory.revision(), directory.facts());
}

}  // namespace neolia::fuzz
