// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>
#include <vector>

#include "rules/compile.hpp"

namespace neolia::rules {

/// Makes small consistent directories, changes to them and calls in them. Names come from few letters, so that numbers,
/// codes, usernames and ids meet often.
class RandomDirectory {
 public:
  explicit RandomDirectory(std::mt19937_64& random) : random_(random) {}

  /// A change of one to a few objects that leaves the facts consistent; it is applied to them and returned.
  [[nodiscard]] model::Change change(Facts& facts);

  /// A new directory after so many changes.
  [[nodiscard]] Facts facts(int changes);

  /// An account, on or off; null when there is none.
  [[nodiscard]] const model::Account* caller(const Facts& facts);

  /// Something that may be dialled: mostly numbers, codes with numbers and usernames, in any case.
  [[nodiscard]] std::string dialled(const Facts& facts);

  /// A moment in weeks when clocks change somewhere.
  [[nodiscard]] Time time();

 private:
  [[nodiscard]] model::Change propose(const Facts& facts);
  void put_site(const Facts& facts, model::Change& change);
  void put_building(const Facts& facts, model::Change& change);
  void put_unit(const Facts& facts, model::Change& change);
  void put_account(const Facts& facts, model::Change& change);
  void put_door(const Facts& facts, model::Change& change);
  void put_rule(const Facts& facts, model::Change& change);
  void remove(const Facts& facts, model::Change& change);

  [[nodiscard]] model::Owner owner(const Facts& facts);
  [[nodiscard]] model::Target target(const Facts& facts, const model::Owner& owner);
  [[nodiscard]] model::Schedule schedule();
  [[nodiscard]] std::string word(std::string_view letters, int most);
  [[nodiscard]] model::Id new_id(char noun) { return noun + std::to_string(++last_id_); }

  /// One of a noun, by id so that it does not depend on the order of a table; null when there is none.
  template <typename Object>
  [[nodiscard]] const Object* any(const Facts& facts);

  std::mt19937_64& random_;
  int last_id_ = 0;
};

}  // namespace neolia::rules
