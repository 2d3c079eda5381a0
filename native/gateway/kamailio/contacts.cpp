// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/contacts.hpp"

#include <date/date.h>

#include <chrono>

namespace neolia::gateway::kamailio {
namespace {

using model::Json;

std::string expiry(const Json& contact) {
  const auto seconds = contact.contains("Expires") && contact["Expires"].is_number_integer()
                           ? std::chrono::seconds(contact["Expires"].get<std::int64_t>())
                           : std::chrono::seconds(0);
  return date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + seconds);
}

state::Registration read_contact(const std::string& username, const Json& contact) {
  return {username, contact.value("Address", ""), contact.value("User-Agent", ""), expiry(contact)};
}

bool says_none(const RpcError& error) {
  return error.kind == RpcError::Kind::refused && error.message.find("not found") != std::string::npos;
}

}  // namespace

RpcResult<std::vector<state::Registration>> look_up_contacts(Rpc& rpc, const std::string& username) {
  std::vector<state::Registration> registrations;
  const auto reply = rpc.call("ul.lookup", Json::array({"location", username}));
  if (!reply && says_none(reply.error())) return registrations;
  if (!reply) return tl::unexpected(reply.error());
  if (!reply->is_object() || !reply->contains("Contacts")) return registrations;
  for (const Json& entry : (*reply)["Contacts"]) {
    if (entry.is_object() && entry.contains("Contact"))
      registrations.push_back(read_contact(username, entry["Contact"]));
  }
  return registrations;
}

RpcResult<void> drop_contacts(Rpc& rpc, const std::string& username) {
  const auto dropped = rpc.call("ul.rm", Json::array({"location", username}));
  if (!dropped && !says_none(dropped.error())) return tl::unexpected(dropped.error());
  const auto left = look_up_contacts(rpc, username);
  if (!left) return tl::unexpected(left.error());
  if (left->empty()) return {};
  return tl::unexpected(RpcError{RpcError::Kind::refused, "contacts of " + username + " are still there"});
}

}  // namespace neolia::gateway::kamailio
