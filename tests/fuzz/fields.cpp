// SPDX-License-Identifier: Apache-2.0
/// `<noun> <create or update>` in the first line, then the fields as JSON: what HA's WebSocket commands bring.
#include "directory.hpp"
#include "model/json.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

using model::Json;

void read(const Json& fields, model::Account& account, std::vector<model::FieldError>& errors) {
  fields.is_object() && fields.contains("ha1_md5") ? model::read_fields_with_credentials(fields, account, "", errors)
                                                   : model::read_fields(fields, account, "", errors);
}
void read(const Json& fields, auto& object, std::vector<model::FieldError>& errors) {
  model::read_fields(fields, object, "", errors);
}

Json write(const model::Account& account) {
  return account.credentials.ha1_md5.empty() ? model::to_json(account) : model::to_json_with_credentials(account);
}
Json write(const auto& object) { return model::to_json(object); }

template <typename Object>
void try_fields(Object object, const Json& fields) {
  std::vector<model::FieldError> errors;
  read(fields, object, errors);
  if (!errors.empty()) return expect_usable({model::ErrorCode::invalid, "Bad fields.", std::move(errors)});
  Json written = write(object);
  if (object.id.empty()) written.erase("id");
  Object again;
  read(written, again, errors);
  if (object.id.empty()) again.id.clear();
  expect(errors.empty(), "what was written can be read");
  expect(again == object, "reading and writing lose nothing");
}

}  // namespace

void try_input(std::string_view input) {
  const auto line = take_line(input);
  const Json fields = Json::parse(input, nullptr, false);
  if (fields.is_discarded()) return;
  static const model::Objects kPresent = objects();
  model::for_each_noun([&](auto noun) {
    if (!line.starts_with(noun.name)) return;
    typename decltype(noun)::Object object;
    const auto& present = noun.objects(kPresent);
    if (line.ends_with("update") && !present.empty()) object = present.back();
    try_fields(std::move(object), fields);
  });
  std::string password;
  std::vector<model::FieldError> errors;
  if (line == "password") model::read_password(fields, password, "password", errors);
}

}  // namespace neolia::fuzz
