// SPDX-License-Identifier: Apache-2.0
#include "store/listing.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/fields.hpp"
#include "model/names.hpp"
#include "store/refusal.hpp"

namespace neolia::store {
namespace {

using model::FieldCode;
using model::FieldError;
using model::Json;
using model::Place;
using model::Result;
using rules::Facts;

template <typename Object>
using Pointers = std::vector<const Object*>;

template <typename Object>
Pointers<Object> all_of(const Facts& facts) {
  Pointers<Object> objects;
  objects.reserve(facts.all<Object>().size());
  for (const Object& object : facts.all<Object>()) objects.push_back(&object);
  std::ranges::sort(objects, {}, [](const Object* object) -> const model::Id& { return object->id; });
  return objects;
}

template <typename Object, typename Range>
Pointers<Object> collect(Range&& range) {
  Pointers<Object> objects;
  for (const Object* object : range) objects.push_back(object);
  return objects;
}

/// The filter's field of a noun, and the objects below the parent it names.
template <typename Object>
struct Parent;
template <>
struct Parent<model::Building> {
  static constexpr const char* kField = "site_id";
  static auto children(const Facts& facts, const std::string& id) { return facts.buildings_of(id); }
};
template <>
struct Parent<model::Unit> {
  static constexpr const char* kField = "building_id";
  static auto children(const Facts& facts, const std::string& id) { return facts.units_of(id); }
};
template <>
struct Parent<model::Door> {
  static constexpr const char* kField = "account_id";
  static auto children(const Facts& facts, const std::string& id) { return facts.doors_of(id); }
};
template <>
struct Parent<model::Account> {
  static constexpr const char* kField = "owner";
  static auto children(const Facts& facts, const std::string& id) { return facts.accounts_of(id); }
};
template <>
struct Parent<model::Rule> {
  static constexpr const char* kField = "owner";
  static auto children(const Facts& facts, const std::string& id) { return facts.rules_of(id); }
};

std::string read_text(const Json& value, const Place& place) {
  if (const auto* text = value.get_ptr<const std::string*>()) return *text;
  place.refuse(FieldCode::type, "Must be text.");
  return {};
}

std::string read_member(const Json& object, const char* name, const Place& place) {
  const auto member = object.find(name);
  if (member != object.end()) return read_text(*member, place.field(name));
  place.field(name).refuse(FieldCode::required, "Must be given.");
  return {};
}

std::string read_owner(const Json& value, const Place& place) {
  if (!model::is_object(value, place)) return {};
  constexpr std::array<std::string_view, 2> kKnown{"type", "id"};
  model::refuse_unknown(value, kKnown, place);
  if (!model::from_string<model::OwnerType>(read_member(value, "type", place))) {
    place.field("type").refuse(FieldCode::format, "Must be unit, building or site.");
  }
  return read_member(value, "id", place);
}

template <typename Object>
std::string read_filter(const Json& filter, const Place& place) {
  constexpr std::array<std::string_view, 1> kKnown{Parent<Object>::kField};
  if (!model::is_object(filter, place)) return {};
  model::refuse_unknown(filter, kKnown, place);
  const auto value = filter.find(Parent<Object>::kField);
  if (value == filter.end()) return {};
  const Place field = place.field(Parent<Object>::kField);
  return kKnown[0] == "owner" ? read_owner(*value, field) : read_text(*value, field);
}

template <typename Object>
Json to_list(const Pointers<Object>& objects) {
  Json list = Json::array();
  for (const Object* object : objects) list.push_back(model::to_json(*object));
  return list;
}

}  // namespace

template <typename Object>
Result<Json> list(const Facts& facts, const Json& filter) {
  if (filter.is_null() || filter == Json::object()) return to_list(all_of<Object>(facts));
  std::vector<FieldError> errors;
  const Place place("filter", errors);
  if constexpr (std::is_same_v<Object, model::Site>) {
    place.refuse(FieldCode::unknown, "Sites have no parent to look for.");
  } else {
    const std::string id = read_filter<Object>(filter, place);
    if (errors.empty()) return to_list(collect<Object>(Parent<Object>::children(facts, id)));
  }
  return tl::unexpected(refusal(std::move(errors)));
}

template Result<Json> list<model::Site>(const Facts&, const Json&);
template Result<Json> list<model::Building>(const Facts&, const Json&);
template Result<Json> list<model::Unit>(const Facts&, const Json&);
template Result<Json> list<model::Account>(const Facts&, const Json&);
template Result<Json> list<model::Door>(const Facts&, const Json&);
template Result<Json> list<model::Rule>(const Facts&, const Json&);

}  // namespace neolia::store
