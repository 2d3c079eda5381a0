// SPDX-License-Identifier: Apache-2.0
/// One change of several operations, as JSON: what HA's WebSocket commands and actions bring.
#include "store/operation.hpp"

#include "kept_directory.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

using model::Json;

void expect_applied(const store::Applied& applied, const std::vector<store::Operation>& operations) {
  expect(applied.results.size() == operations.size(), "each operation has its result");
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto& [id, object, password] = applied.results[i];
    expect(model::is_id(id), "a result names its object");
    expect(operations[i].id.empty() || operations[i].id == id, "an object has the id that was asked for");
    static_cast<void>(object.dump());
    expect(!password || operations[i].noun == "account", "only an account has a password");
  }
}

}  // namespace

void try_input(std::string_view input) {
  static KeptDirectory kept;
  static auto directory = kept.fresh();
  static const std::string kBefore = text_of(*directory);

  const Json json = Json::parse(input, nullptr, false);
  if (json.is_discarded()) return;
  const auto operations = store::read_operations(json);
  if (!operations) return expect_usable(operations.error());
  const auto before = directory->revision();
  const auto applied = directory->apply(*operations, "fuzz");
  if (!applied) {
    expect_usable(applied.error());
    return expect(text_of(*directory) == kBefore, "what is refused leaves nothing behind");
  }
  expect_applied(*applied, *operations);
  const std::string after = text_of(*directory);
  expect((after == kBefore) == (applied->revision == before), "a change has a number of its own");
  directory.reset();
  expect(text_of(*kept.open()) == after, "what was changed is what was stored");
  directory = kept.fresh();
}

}  // namespace neolia::fuzz
