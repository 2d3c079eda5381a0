// SPDX-License-Identifier: Apache-2.0
#include "model/json.hpp"

#include <utility>

#include "model/text.hpp"
#include "model/values.hpp"

namespace neolia::model {
namespace {

using enum Presence;

constexpr std::array kSite{
    field<Site, &Site::id, read_id>("id", optional), field<Site, &Site::name, read_name>("name", required),
    field<Site, &Site::time_zone, read_form<kTimeZone>>("time_zone", required),
    field<Site, &Site::domain, read_host_or_address>("domain", required),
    field<Site, &Site::allowed_domains, read_set<0, 100, read_host, std::string>>("allowed_domains", optional)};

constexpr std::array kBuilding{field<Building, &Building::id, read_id>("id", optional),
                               field<Building, &Building::site_id, read_id>("site_id", required),
                               field<Building, &Building::name, read_name>("name", required),
                               field<Building, &Building::code, read_form<kCode>>("code", required)};

constexpr std::array kUnit{field<Unit, &Unit::id, read_id>("id", optional),
                           field<Unit, &Unit::building_id, read_id>("building_id", required),
                           field<Unit, &Unit::name, read_name>("name", optional),
                           field<Unit, &Unit::number, read_form<kNumber>>("number", required),
                           field<Unit, &Unit::do_not_disturb, read_bool>("do_not_disturb", optional)};

constexpr std::array kAccount{field<Account, &Account::id, read_id>("id", optional),
                              field<Account, &Account::owner, read_owner>("owner", required),
                              field<Account, &Account::kind, read_choice<AccountKind>>("kind", required),
                              field<Account, &Account::username, read_form<kUsername>>("username", required),
                              field<Account, &Account::name, read_name>("name", optional),
                              field<Account, &Account::enabled, read_bool>("enabled", optional)};

template <std::size_t kDigits>
bool is_hex(std::string_view text) {
  return text.size() == kDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

template <std::string Credentials::*kDigest, std::size_t kDigits>
constexpr Field<Account> digest(std::string_view name) {
  return {name, required,
          [](const Json& value, Account& account, const Place& place) {
            read_fitting(value, account.credentials.*kDigest, kDigits, is_hex<kDigits>,
                         "Must be a digest in lower case hexadecimal.", place);
          },
          [](const Account& account) { return Json(account.credentials.*kDigest); }};
}

constexpr std::array kAccountWithCredentials{kAccount[0],
                                             kAccount[1],
                                             kAccount[2],
                                             kAccount[3],
                                             kAccount[4],
                                             kAccount[5],
                                             digest<&Credentials::ha1_md5, 32>("ha1_md5"),
                                             digest<&Credentials::ha1_sha256, 64>("ha1_sha256")};
static_assert(kAccountWithCredentials.size() == kAccount.size() + 2);

constexpr std::array kDirectory{field<DirectoryInfo, &DirectoryInfo::id, read_id>("id", optional),
                                field<DirectoryInfo, &DirectoryInfo::name, read_name>("name", required),
                                field<DirectoryInfo, &DirectoryInfo::realm, read_host>("realm", required)};

template <typename Object, std::size_t kSize>
void read_object(const std::array<Field<Object>, kSize>& table, const Json& fields, Object& object,
                 const std::string& path, std::vector<FieldError>& errors) {
  read_table(table, fields, object, is_blank(object), Place(path, errors));
}

template <std::size_t kSize>
void read_account(const std::array<Field<Account>, kSize>& table, const Json& fields, Account& account,
                  const std::string& path, std::vector<FieldError>& errors) {
  read_object(table, fields, account, path, errors);
  if (account.name.empty()) account.name = account.username;
}

/// Of text that is JSON; of other text anything.
bool is_nested_too_deeply(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '\\' && quoted) ++i;
    if (quoted) continue;
    if (text[i] == '[' || text[i] == '{') ++depth;
    if (text[i] == ']' || text[i] == '}') --depth;
    if (depth > kMaxNesting) return true;
  }
  return false;
}

}  // namespace

Json parse_json(std::string_view text) {
  return is_nested_too_deeply(text) ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
}

Json to_json(const Site& site) { return write_table(kSite, site); }
Json to_json(const Building& building) { return write_table(kBuilding, building); }
Json to_json(const Unit& unit) { return write_table(kUnit, unit); }
Json to_json(const Account& account) { return write_table(kAccount, account); }
Json to_json(const DirectoryInfo& directory) { return write_table(kDirectory, directory); }
Json to_json_with_credentials(const Account& account) { return write_table(kAccountWithCredentials, account); }

Json to_json(const Error& error) {
  Json fields = Json::array();
  for (const FieldError& field : error.fields) {
    fields.push_back({{"code", to_string(field.code)}, {"path", field.path}, {"message", field.message}});
  }
  return {{"code", to_string(error.code)}, {"message", error.message}, {"fields", std::move(fields)}};
}

void read_fields(const Json& fields, Site& object, const std::string& path, std::vector<FieldError>& errors) {
  read_object(kSite, fields, object, path, errors);
}

void read_fields(const Json& fields, Building& object, const std::string& path, std::vector<FieldError>& errors) {
  read_object(kBuilding, fields, object, path, errors);
}

void read_fields(const Json& fields, Unit& object, const std::string& path, std::vector<FieldError>& errors) {
  read_object(kUnit, fields, object, path, errors);
  if (object.name.empty()) object.name = object.number;
}

void read_fields(const Json& fields, Account& object, const std::string& path, std::vector<FieldError>& errors) {
  read_account(kAccount, fields, object, path, errors);
}

void read_fields_with_credentials(const Json& fields, Account& object, const std::string& path,
                                  std::vector<FieldError>& errors) {
  read_account(kAccountWithCredentials, fields, object, path, errors);
}

void read_fields(const Json& fields, DirectoryInfo& object, const std::string& path, std::vector<FieldError>& errors) {
  read_object(kDirectory, fields, object, path, errors);
}

void read_password(const Json& value, std::string& password, const std::string& path, std::vector<FieldError>& errors) {
  constexpr std::size_t kLeast = 8;
  constexpr std::size_t kMost = 128;
  const Place place(path, errors);
  const auto* const given = value.get_ptr<const std::string*>();
  if (given == nullptr) return place.refuse(FieldCode::type, "Must be text.");
  if (given->size() < kLeast || given->size() > kMost) {
    return place.refuse(FieldCode::length, "Must be 8 to 128 characters.");
  }
  if (!count_printable(*given)) {
    return place.refuse(FieldCode::format, "Must be UTF-8 text without control characters.");
  }
  password = *given;
}

}  // namespace neolia::model
