// SPDX-License-Identifier: Apache-2.0
/// How nouns are described: a table of fields for each, from which reading, checking and writing come.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/json.hpp"

namespace neolia::model {

/// Where a value stands in what is being read, and where its problems go. Outlived by its parent.
class Place {
 public:
  Place(std::string_view path, std::vector<FieldError>& errors) : name_(path), errors_(errors) {}

  [[nodiscard]] Place field(std::string_view name) const { return {this, name, kNoIndex}; }
  [[nodiscard]] Place item(std::size_t index) const { return {this, {}, index}; }

  /// Past kMaxFieldErrors nothing more is noted.
  void refuse(FieldCode code, std::string message) const;

  [[nodiscard]] std::size_t problem_count() const { return errors_.size(); }

  /// Whether nothing was noted anywhere since the count was taken. A full list tells nothing: false.
  [[nodiscard]] bool is_clean_since(std::size_t count) const {
    return errors_.size() == count && count < kMaxFieldErrors;
  }

 private:
  static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

  Place(const Place* parent, std::string_view name, std::size_t index)
      : parent_(parent), name_(name), index_(index), errors_(parent->errors_) {}
  [[nodiscard]] std::string path() const;

  const Place* parent_ = nullptr;
  std::string_view name_;
  std::size_t index_ = kNoIndex;
  std::vector<FieldError>& errors_;
};

enum class Presence : bool { optional, required };

template <typename Object>
struct Field {
  std::string_view name;
  Presence presence;
  void (*read)(const Json& value, Object& object, const Place& place);
  Json (*write)(const Object& object);
};

/// A name from outside as it may stand in a path.
[[nodiscard]] std::string_view presentable(std::string_view name);

/// Whether nothing but the id was set yet.
template <typename Object>
[[nodiscard]] bool is_blank(const Object& object) {
  Object blank;
  blank.id = object.id;
  return object == blank;
}

/// Notes each member of `fields` that is not among the known names.
void refuse_unknown(const Json& fields, std::span<const std::string_view> known, const Place& place);

/// Notes a problem unless `value` is an object.
[[nodiscard]] bool is_object(const Json& value, const Place& place);

/// Reads what is there on top of `object`; what is required must be there when the object is being created.
template <typename Object, std::size_t kSize>
void read_table(const std::array<Field<Object>, kSize>& table, const Json& fields, Object& object, bool creating,
                const Place& place) {
  if (!is_object(fields, place)) return;
  std::array<std::string_view, kSize> names{};
  for (std::size_t i = 0; i < kSize; ++i) {
    const Field<Object>& field = table[i];
    names[i] = field.name;
    const auto found = fields.find(field.name);
    if (found != fields.end()) {
      field.read(*found, object, place.field(field.name));
    } else if (creating && field.presence == Presence::required) {
      place.field(field.name).refuse(FieldCode::required, "Must be given.");
    }
  }
  refuse_unknown(fields, names, place);
}

template <typename Object, std::size_t kSize>
[[nodiscard]] Json write_table(const std::array<Field<Object>, kSize>& table, const Object& object) {
  Json fields = Json::object();
  for (const Field<Object>& field : table) fields[std::string(field.name)] = field.write(object);
  return fields;
}

}  // namespace neolia::model
