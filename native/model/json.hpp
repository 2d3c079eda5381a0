// SPDX-License-Identifier: Apache-2.0
/// The one JSON form of every noun (docs/architecture.md §1).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "model/error.hpp"
#include "model/objects.hpp"

namespace neolia::model {

using Json = nlohmann::json;

/// Lists and objects inside each other: copying and writing JSON takes a stack frame for each.
inline constexpr int kMaxNesting = 64;

/// Discarded for what is no JSON, and for what is nested deeper than kMaxNesting. Never throws.
[[nodiscard]] Json parse_json(std::string_view text);

/// At most so many bad fields are collected in one list.
inline constexpr std::size_t kMaxFieldErrors = 1000;

/// Without credentials.
[[nodiscard]] Json to_json(const Site& site);
[[nodiscard]] Json to_json(const Building& building);
[[nodiscard]] Json to_json(const Unit& unit);
[[nodiscard]] Json to_json(const Account& account);
[[nodiscard]] Json to_json(const Door& door);
[[nodiscard]] Json to_json(const Rule& rule);
[[nodiscard]] Json to_json(const DirectoryInfo& directory);
[[nodiscard]] Json to_json(const Error& error);

/// With credentials: for the snapshot and the store only.
[[nodiscard]] Json to_json_with_credentials(const Account& account);

/// Applies the fields of a JSON object on top of `object` (a default one, but for its id, for a create; the present one
/// for an update) and checks every field on its own: presence, type, form, range, unknown names. Nothing that needs
/// another object is checked. Bad fields are appended to `errors` with `path` in front of their own path; `object` is
/// usable only when none was added. `id` is taken when it is an id and never demanded; credentials are known to
/// read_fields_with_credentials only. Never throws for what `fields` contains; what it contains is never repeated in
/// errors.
///
/// An update that changes a door's `method` or a rule's `action` drops what belonged to the old one; a rule's target
/// then starts from the default of its action.
void read_fields(const Json& fields, Site& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields(const Json& fields, Building& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields(const Json& fields, Unit& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields(const Json& fields, Account& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields(const Json& fields, Door& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields(const Json& fields, Rule& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields_with_credentials(const Json& fields, Account& object, const std::string& path,
                                  std::vector<FieldError>& errors);

/// A password that somebody chose: 8 to 128 printable characters, taken as they are.
void read_password(const Json& value, std::string& password, const std::string& path, std::vector<FieldError>& errors);

/// Directory names and realms, checked like any field.
void read_fields(const Json& fields, DirectoryInfo& object, const std::string& path, std::vector<FieldError>& errors);

}  // namespace neolia::model
