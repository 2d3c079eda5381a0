// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "model/json.hpp"
#include "model/values.hpp"

namespace neolia::model {
namespace {

using enum Presence;
using Text = std::optional<std::string>;

/// A door as it stands in JSON: the fields of every method side by side.
struct FlatDoor : Door {
  std::optional<Method> method_name;
  Text dtmf_code, http_url, ha_action, ha_entity_id;
};

void read_url(const Json& value, std::string& url, const Place& place) {
  read_fitting(value, url, 2048, is_http_url, "Must be an http or https URL with a host and without a user.", place);
}

void read_dotted_pair(const Json& value, std::string& pair, const Place& place) {
  read_fitting(value, pair, 255, is_dotted_pair, "Must be two words with a dot between, like lock.unlock.", place);
}

constexpr std::array kDoor{
    field<FlatDoor, &Door::id, read_id>("id", optional),
    field<FlatDoor, &Door::account_id, read_id>("account_id", required),
    field<FlatDoor, &Door::name, read_name>("name", required),
    field<FlatDoor, &FlatDoor::method_name, read_choice_if_any<Method>>("method", required),
    field<FlatDoor, &FlatDoor::dtmf_code, read_nullable<read_form<kDtmfCode>>>("dtmf_code", optional),
    field<FlatDoor, &FlatDoor::http_url, read_nullable<read_url>>("http_url", optional),
    field<FlatDoor, &FlatDoor::ha_action, read_nullable<read_dotted_pair>>("ha_action", optional),
    field<FlatDoor, &FlatDoor::ha_entity_id, read_nullable<read_dotted_pair>>("ha_entity_id", optional)};

struct MethodField {
  const char* name;
  Text FlatDoor::*member;
  Method method;
};

constexpr std::array kMethodFields{MethodField{"dtmf_code", &FlatDoor::dtmf_code, Method::dtmf},
                                   MethodField{"http_url", &FlatDoor::http_url, Method::http},
                                   MethodField{"ha_action", &FlatDoor::ha_action, Method::action},
                                   MethodField{"ha_entity_id", &FlatDoor::ha_entity_id, Method::action}};

FlatDoor flatten(const Door& door) {
  FlatDoor flat{door, static_cast<Method>(door.method.index()), {}, {}, {}, {}};
  if (const auto* dtmf = std::get_if<OpenByDtmf>(&door.method)) flat.dtmf_code = dtmf->dtmf_code;
  if (const auto* http = std::get_if<OpenByHttp>(&door.method)) flat.http_url = http->http_url;
  if (const auto* action = std::get_if<OpenByAction>(&door.method)) {
    flat.ha_action = action->ha_action;
    flat.ha_entity_id = action->ha_entity_id;
  }
  return flat;
}

Door unflatten(FlatDoor&& flat) {
  Door door = std::move(static_cast<Door&>(flat));
  if (flat.dtmf_code) door.method = OpenByDtmf{std::move(*flat.dtmf_code)};
  if (flat.http_url) door.method = OpenByHttp{std::move(*flat.http_url)};
  if (flat.ha_action) door.method = OpenByAction{std::move(*flat.ha_action), std::move(*flat.ha_entity_id)};
  return door;
}

/// The fields of the door's method must be there, those of other methods not.
void settle_method(const Json& fields, FlatDoor& flat, const Place& place) {
  for (const MethodField& field : kMethodFields) {
    Text& text = flat.*field.member;
    if (field.method == flat.method_name && !text) {
      place.field(field.name).refuse(FieldCode::required, "Must be given for this method.");
    } else if (field.method != flat.method_name && text && fields.contains(field.name)) {
      place.field(field.name).refuse(FieldCode::unknown, "Belongs to another method; must be null or left out.");
    } else if (field.method != flat.method_name) {
      text.reset();
    }
  }
}

}  // namespace

Json to_json(const Door& door) { return write_table(kDoor, flatten(door)); }

void read_fields(const Json& fields, Door& object, const std::string& path, std::vector<FieldError>& errors) {
  const Place place(path, errors);
  const std::size_t problems = place.problem_count();
  const bool creating = is_blank(object);
  FlatDoor flat = creating ? FlatDoor{object, {}, {}, {}, {}, {}} : flatten(object);
  read_table(kDoor, fields, flat, creating, place);
  if (flat.method_name && fields.is_object()) settle_method(fields, flat, place);
  if (place.is_clean_since(problems)) object = unflatten(std::move(flat));
}

}  // namespace neolia::model
