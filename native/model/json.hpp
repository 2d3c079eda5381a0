// SPDX-License-Identifier: Apache-2.0
/// The one JSON form of every noun (docs/architecture.md §1).
#pragma once

#include <nlohmann/json.hpp>

#include "model/error.hpp"
#include "model/objects.hpp"

namespace neolia::model {

using Json = nlohmann::json;

/// Without credentials.
[[nodiscard]] Json to_json(const Site& site);
[[nodiscard]] Json to_json(const Building& building);
[[nodiscard]] Json to_json(const Unit& unit);
[[nodiscard]] Json to_json(const Account& account);
[[nodiscard]] Json to_json(const Door& door);
[[nodiscard]] Json to_json(const Rule& rule);
[[nodiscard]] Json to_json(const Error& error);

/// With credentials: for the snapshot and the store only.
[[nodiscard]] Json to_json_with_credentials(const Account& account);

/// Applies the fields of a JSON object on top of `object` (a default one for a create, the present one for an update) and
/// checks every field on its own: presence, type, form, range, unknown names. Nothing that needs another object is checked.
/// Fields are appended to `errors` with `path` in front of their own path; `object` is usable only when none was added.
/// `id` is taken when it is an id; credentials only by read_with_credentials.
void read_fields(const Json& fields, Site& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields(const Json& fields, Building& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields(const Json& fields, Unit& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields(const Json& fields, Account& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields(const Json& fields, Door& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields(const Json& fields, Rule& object, const std::string& path, std::vector<FieldError>& errors);
void read_fields_with_credentials(const Json& fields, Account& object, const std::string& path,
                                  std::vector<FieldError>& errors);

/// Directory names and realms, checked like any field.
void read_fields(const Json& fields, DirectoryInfo& object, const std::string& path, std::vector<FieldError>& errors);

}  // namespace neolia::model
