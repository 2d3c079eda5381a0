// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <unordered_map>
#include <utility>

#include "model/json.hpp"
#include "rules/consistency.hpp"
#include "snapshot/snapshot.hpp"

namespace neolia::snapshot {
namespace {

using Paths = std::unordered_map<model::Id, std::string>;

Paths paths_of(const model::Change& change, const std::string& path) {
  Paths paths;
  model::for_each_noun([&](auto noun) {
    const auto name = [&](const std::string& parent, std::size_t index) {
      return parent + noun.plural + "[" + std::to_string(index) + "]";
    };
    const auto& put = noun.objects(change.put);
    for (std::size_t i = 0; i < put.size(); ++i) paths.emplace(put[i].id, name(path, i));
    const auto& removed = noun.ids(change.removed);
    for (std::size_t i = 0; i < removed.size(); ++i) paths.emplace(removed[i], name("removed.", i));
  });
  return paths;
}

}  // namespace

model::Result<void> check(const rules::Facts& facts, const model::Change& change, const model::Change& inverse,
                          std::string_view path) {
  auto findings = rules::check(facts, change, inverse);
  if (findings.empty()) return {};
  if (findings.size() > model::kMaxFieldErrors) findings.resize(model::kMaxFieldErrors);
  const Paths paths = paths_of(change, std::string(path));
  model::Error error{model::ErrorCode::invalid, "The objects do not fit together.", {}};
  for (rules::Finding& finding : findings) {
    const auto object = paths.find(finding.object_id);
    std::string& field = finding.field.path;
    if (object != paths.end()) field = object->second + (field.empty() ? "" : "." + field);
    error.fields.push_back(std::move(finding.field));
  }
  return tl::unexpected(std::move(error));
}

}  // namespace neolia::snapshot
