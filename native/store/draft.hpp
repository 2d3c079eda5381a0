// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/error.hpp"
#include "model/objects.hpp"
#include "rules/facts.hpp"
#include "store/operation.hpp"

namespace neolia::store {

/// A change in the making. Each operation is applied to the facts at once, so that the next ones see it; unless keep()
/// is called, the facts are put back as they were when this goes.
class Draft {
 public:
  Draft(rules::Facts& facts, const model::DirectoryInfo& directory) : facts_(facts), directory_(directory) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft();

  /// What an operation leaves to say besides the object itself.
  struct Outcome {
    model::Id id;
    std::optional<std::string> password;  ///< of a created account
  };
  Outcome apply(const Operation& operation);

  /// Checks the whole: `not_found`, `in_use` or `invalid` with every bad field, or the change.
  [[nodiscard]] model::Result<model::Change> finish();

  /// The change that leads back; its objects are those from before.
  [[nodiscard]] const model::Change& inverse() const { return inverse_; }

  void keep() { kept_ = true; }

 private:
  template <typename Noun>
  void create(Noun noun, const Operation& operation, Outcome& outcome);
  template <typename Noun>
  void update(Noun noun, const Operation& operation);
  template <typename Noun>
  void remove(Noun noun, const Operation& operation);

  /// False when there is nothing that could stand in for the object while the rest is checked.
  template <typename Object>
  bool read(const Operation& operation, Object& object);
  bool read_password(const Operation& operation, std::string& password);
  void renew_credentials(const Operation& operation, const std::string& old_username, model::Account& account);
  void refuse_id(const Operation& operation);
  void put(model::Change change, const std::string& path);
  model::Change net_change();
  void check(const model::Change& change);

  rules::Facts& facts_;
  const model::DirectoryInfo& directory_;
  model::Change inverse_;
  std::map<model::Id, std::string> paths_;  ///< of the operation that touched an object last; no entry: not touched
  std::vector<model::FieldError> errors_;
  std::string missing_;  ///< the noun of an operation whose object is not there
  bool kept_ = false;
};

}  // namespace neolia::store
