// SPDX-License-Identifier: Apache-2.0
#include "store/draft.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "model/credentials.hpp"
#include "model/fields.hpp"
#include "rules/consistency.hpp"
#include "rules/contained.hpp"
#include "store/refusal.hpp"

namespace neolia::store {
namespace {

using model::Account;
using model::Change;
using model::FieldCode;
using model::FieldError;
using model::Site;

std::string join(const std::string& path, std::string_view name) {
  return path.empty() || name.empty() ? path + std::string(name) : path + "." + std::string(name);
}

/// A single operation is its fields; in a list they stand in `fields`.
std::string fields_path(const Operation& operation) { return operation.path.empty() ? "" : operation.path + ".fields"; }

bool is_within(std::string_view path, std::string_view outer) {
  if (outer.empty()) return true;
  return path.starts_with(outer) &&
         (path.size() == outer.size() || path[outer.size()] == '.' || path[outer.size()] == '[');
}

/// A field that could not be read has a stand-in, of which nothing more needs saying.
bool is_known_bad(const std::string& path, const std::vector<FieldError>& errors) {
  return std::ranges::any_of(
      errors, [&](const FieldError& error) { return is_within(path, error.path) || is_within(error.path, path); });
}

bool is_taken(const rules::Facts& facts, const model::Id& id) {
  bool taken = false;
  model::for_each_noun([&](auto noun) { taken = taken || facts.find<typename decltype(noun)::Object>(id) != nullptr; });
  return taken;
}

/// What every new site starts with (docs/architecture.md §1).
std::vector<model::Rule> default_rules(const model::Id& site_id) {
  std::vector<model::Rule> rules(3);
  rules[0].source_pattern = "@door";
  rules[1].source_pattern = "@door";
  rules[1].target = model::Voicemail{};
  rules[2].source_pattern = "@unit";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    rules[i].id = model::make_id();
    rules[i].owner = {model::OwnerType::site, site_id};
    rules[i].position = static_cast<int>(i) + 1;
  }
  return rules;
}

}  // namespace

Draft::~Draft() {
  if (!kept_) facts_.apply(std::move(inverse_));
}

Draft::Outcome Draft::apply(const Operation& operation) {
  Outcome outcome{operation.id, std::nullopt};
  model::for_each_noun([&](auto noun) {
    if (operation.noun != noun.name) return;
    switch (operation.kind) {
      case OperationKind::create:
        return create(noun, operation, outcome);
      case OperationKind::update:
        return update(noun, operation);
      case OperationKind::remove:
        return remove(noun, operation);
    }
  });
  return outcome;
}

template <typename Noun>
void Draft::create(Noun noun, const Operation& operation, Outcome& outcome) {
  typename Noun::Object object;
  object.id = operation.id;
  if (!read(operation, object)) return;
  if (object.id.empty()) {
    object.id = model::make_id();
  } else if (is_taken(facts_, object.id)) {
    errors_.push_back({FieldCode::duplicate, join(operation.path, "id"), "Is the id of another object already."});
    return;
  }
  outcome.id = object.id;
  if constexpr (std::is_same_v<decltype(object), Account>) {
    outcome.password = model::make_password();
    if (!operation.password.is_null()) read_password(operation, *outcome.password);
    object.credentials = model::make_credentials(object.username, directory_.realm, *outcome.password);
  }
  Change change;
  if constexpr (std::is_same_v<decltype(object), Site>) change.put.rules = default_rules(object.id);
  noun.objects(change.put).push_back(std::move(object));
  put(std::move(change), fields_path(operation));
}

template <typename Noun>
void Draft::update(Noun noun, const Operation& operation) {
  const auto* present = facts_.find<typename Noun::Object>(operation.id);
  if (present == nullptr) return refuse_id(operation);
  typename Noun::Object object = *present;
  if (!read(operation, object)) return;
  if constexpr (std::is_same_v<decltype(object), Account>) renew_credentials(operation, present->username, object);
  Change change;
  noun.objects(change.put).push_back(std::move(object));
  put(std::move(change), fields_path(operation));
}

template <typename Noun>
void Draft::remove(Noun noun, const Operation& operation) {
  if (facts_.find<typename Noun::Object>(operation.id) == nullptr) return refuse_id(operation);
  model::ObjectIds ids;
  noun.ids(ids).push_back(operation.id);
  put({{}, rules::contained(facts_, ids)}, operation.path);
}

template <typename Object>
bool Draft::read(const Operation& operation, Object& object) {
  if (!operation.id.empty() && !model::is_id(operation.id)) {
    errors_.push_back({FieldCode::format, join(operation.path, "id"), "Must be a ULID (26 characters, upper case)."});
    return false;
  }
  const std::size_t before = errors_.size();
  model::read_fields(operation.fields, object, fields_path(operation), errors_);
  if (errors_.size() > before && model::is_blank(object)) return false;
  if (operation.id.empty() || object.id == operation.id) return true;
  errors_.push_back({FieldCode::unknown, join(fields_path(operation), "id"), "An id cannot be changed."});
  return false;
}

bool Draft::read_password(const Operation& operation, std::string& password) {
  const std::size_t before = errors_.size();
  model::read_password(operation.password, password, join(operation.path, "password"), errors_);
  return errors_.size() == before;
}

void Draft::renew_credentials(const Operation& operation, const std::string& old_username, Account& account) {
  if (!operation.password.is_null()) {
    std::string password;
    if (read_password(operation, password)) {
      account.credentials = model::make_credentials(account.username, directory_.realm, password);
    }
  } else if (account.username != old_username) {
    errors_.push_back({FieldCode::required, join(operation.path, "password"),
                       "Must be given with a new username, because the stored form depends on both."});
  }
}

void Draft::refuse_id(const Operation& operation) {
  missing_ = operation.noun;
  errors_.push_back({FieldCode::not_found, join(operation.path, "id"), not_found(operation.noun).message});
}

void Draft::put(Change change, const std::string& path) {
  Change inverse = facts_.apply(std::move(change));
  model::for_each_noun([&](auto noun) {
    for (auto& object : noun.objects(inverse.put)) {
      if (paths_.insert_or_assign(object.id, path).second) noun.objects(inverse_.put).push_back(std::move(object));
    }
    for (auto& id : noun.ids(inverse.removed)) {
      if (paths_.insert_or_assign(id, path).second) noun.ids(inverse_.removed).push_back(std::move(id));
    }
  });
}

Change Draft::net_change() {
  Change change;
  model::for_each_noun([&](auto noun) {
    using Object = typename decltype(noun)::Object;
    std::erase_if(noun.objects(inverse_.put), [&](const Object& before) {
      const Object* now = facts_.find<Object>(before.id);
      if (now != nullptr && *now == before) return true;
      if (now == nullptr) noun.ids(change.removed).push_back(before.id);
      if (now != nullptr) noun.objects(change.put).push_back(*now);
      return false;
    });
    std::erase_if(noun.ids(inverse_.removed), [&](const model::Id& id) {
      const Object* now = facts_.find<Object>(id);
      if (now != nullptr) noun.objects(change.put).push_back(*now);
      return now == nullptr;
    });
  });
  return change;
}

void Draft::check(const Change& change) {
  std::vector<FieldError> findings;
  for (rules::Finding& finding : rules::check(facts_, change, inverse_)) {
    const auto path = paths_.find(finding.object_id);
    if (path != paths_.end()) finding.field.path = join(path->second, finding.field.path);
    if (!is_known_bad(finding.field.path, errors_)) findings.push_back(std::move(finding.field));
  }
  std::ranges::move(findings, std::back_inserter(errors_));
}

model::Result<Change> Draft::finish() {
  Change change = net_change();
  check(change);
  if (errors_.empty()) return change;
  if (!missing_.empty() && errors_.size() == 1 && errors_.front().path == "id") {
    return tl::unexpected(not_found(missing_));
  }
  return tl::unexpected(refusal(std::move(errors_)));
}

}  // namespace neolia::store
