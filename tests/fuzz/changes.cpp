// SPDX-License-Identifier: Apache-2.0
#include "directory.hpp"
#include "rules/keys.hpp"
#include "snapshot/snapshot.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

constexpr std::size_t kLimit = 1 << 20;

std::string text_of(const rules::Facts& facts) { return snapshot::write(example::kDirectory, 1, facts); }

void try_compiling(const model::Change& change) {
  const auto key_of = rules::make_keys();
  const rules::Time at{};
  rules::Compiler compiler(example::kDirectory.realm, key_of, at);
  compiler.apply({objects(), {}}, at);
  rules::Tables tables = compiler.tables();
  rules::apply(tables, compiler.apply(change, at));
  expect(compiler.tables() == rules::compile(compiler.facts(), example::kDirectory.realm, key_of, at),
         "a change compiles to what the whole compiles to");
  expect(tables == compiler.tables(), "the difference leads from one to the other");
}

}  // namespace

void try_input(std::string_view input) {
  const auto read = snapshot::read_changes(input, kLimit);
  if (!read) return expect_usable(read.error());
  const auto again = snapshot::read_changes(snapshot::write(*read), kLimit);
  expect(again && snapshot::write(*again) == snapshot::write(*read), "reading and writing lose nothing");

  rules::Facts facts = fuzz::facts();
  const std::string before = text_of(facts);
  const auto inverse = facts.apply(read->change);
  const auto checked = snapshot::check(facts, read->change, inverse, "changed.");
  checked ? try_compiling(read->change) : expect_usable(checked.error());
  if (read->change == model::Change()) expect(checked.has_value(), "the directory of the targets is consistent");
  facts.apply(inverse);
  expect(text_of(facts) == before, "the inverse of a change undoes it");
}

}  // namespace neolia::fuzz
