// SPDX-License-Identifier: Apache-2.0
#include "store/operation.hpp"

#include <algorithm>

#include "model/fields.hpp"
#include "store/refusal.hpp"

namespace neolia::store {
namespace {

using model::FieldCode;
using model::FieldError;
using model::Json;
using model::Place;

constexpr std::size_t kMaxOperations = 10'000;
constexpr std::array<std::string_view, 5> kMembers{"operation", "noun", "id", "fields", "password"};

/// The text of a member, "" when it is not there.
std::string read_text(const Json& operation, const char* name, const Place& place) {
  const auto found = operation.find(name);
  if (found == operation.end()) return "";
  if (const auto* text = found->get_ptr<const std::string*>()) return *text;
  place.field(name).refuse(FieldCode::type, "Must be text.");
  return "";
}

bool is_noun(const std::string& name) {
  bool known = false;
  model::for_each_noun([&](auto noun) { known = known || name == noun.name; });
  return known;
}

OperationKind read_kind(const Json& json, const Place& place) {
  const auto kind = model::from_string<OperationKind>(read_text(json, "operation", place));
  if (!kind) place.field("operation").refuse(FieldCode::format, "Must be create, update or delete.");
  return kind.value_or(OperationKind::create);
}

std::string read_noun(const Json& json, const Place& place) {
  std::string noun = read_text(json, "noun", place);
  if (!is_noun(noun)) {
    place.field("noun").refuse(FieldCode::format, "Must be site, building, unit, account, door or rule.");
  }
  return noun;
}

void read_parts(const Json& json, Operation& operation, const Place& place) {
  operation.id = read_text(json, "id", place);
  if (operation.kind != OperationKind::create && operation.id.empty()) {
    place.field("id").refuse(FieldCode::required, "Must say which object is meant.");
  }
  if (const auto fields = json.find("fields"); fields != json.end()) {
    operation.fields = *fields;
    if (operation.kind == OperationKind::remove) place.field("fields").refuse(FieldCode::unknown, "A delete has none.");
  }
  if (const auto password = json.find("password"); password != json.end()) operation.password = *password;
  if (!operation.password.is_null() && (operation.noun != "account" || operation.kind == OperationKind::remove)) {
    place.field("password").refuse(FieldCode::unknown, "Only an account that is created or updated has one.");
  }
}

Operation read_operation(const Json& json, const Place& place) {
  Operation operation;
  if (!model::is_object(json, place)) return operation;
  operation.kind = read_kind(json, place);
  operation.noun = read_noun(json, place);
  read_parts(json, operation, place);
  model::refuse_unknown(json, kMembers, place);
  return operation;
}

}  // namespace

model::Result<std::vector<Operation>> read_operations(const Json& operations) {
  std::vector<FieldError> errors;
  const Place place("operations", errors);
  std::vector<Operation> read;
  if (!operations.is_array()) {
    place.refuse(FieldCode::type, "Must be a list.");
  } else if (operations.size() > kMaxOperations) {
    place.refuse(FieldCode::too_many, "At most 10000 operations are one change.");
  } else {
    for (std::size_t i = 0; i < operations.size(); ++i) {
      read.push_back(read_operation(operations[i], place.item(i)));
      read.back().path = "operations[" + std::to_string(i) + "]";
    }
  }
  if (!errors.empty()) return tl::unexpected(refusal(std::move(errors)));
  return read;
}

}  // namespace neolia::store
