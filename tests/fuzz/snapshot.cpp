// SPDX-License-Identifier: Apache-2.0
#include "snapshot/snapshot.hpp"

#include "rules/keys.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

constexpr std::size_t kLimit = 1 << 20;

void try_compiling(const snapshot::Snapshot& read) {
  const auto key_of = rules::make_keys();
  const rules::Time at{};
  rules::Compiler compiler(read.directory.realm, key_of, at);
  compiler.apply({read.objects, {}}, at);
  expect(compiler.tables() == rules::compile(compiler.facts(), read.directory.realm, key_of, at),
         "what is compiled by difference equals what is compiled at once");
}

}  // namespace

void try_input(std::string_view input) {
  const auto read = snapshot::read(input, kLimit);
  if (!read) return expect_usable(read.error());
  rules::Facts facts;
  const auto inverse = facts.apply({read->objects, {}});
  const auto text = snapshot::write(read->directory, read->revision, facts);
  const auto again = snapshot::read(text, text.size());
  expect(again.has_value(), "what was written can be read");
  rules::Facts same;
  same.apply({again->objects, {}});
  expect(snapshot::write(again->directory, again->revision, same) == text, "reading and writing lose nothing");
  const auto checked = snapshot::check(facts, {read->objects, {}}, inverse, "");
  checked ? try_compiling(*read) : expect_usable(checked.error());
}

}  // namespace neolia::fuzz
