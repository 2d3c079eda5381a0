// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/contacts.hpp"

#include <date/date.h>

#include <algorithm>
#include <chrono>

namespace neolia::gateway::kamailio {
namespace {

using model::Json;

/// Empty without.
std::string text_or_empty(const Json& contact, const char* field) {
  const auto found = contact.find(field);
  return found != contact.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string expiry(const Json& contact) {
  constexpr std::int64_t kLongest = std::int64_t{1} << 32U;  // a SIP expiry has 32 bits
  const auto found = contact.find("Expires");
  const bool is_known = found != contact.end() && found->is_number_integer();
  const std::chrono::seconds seconds(is_known ? std::clamp(found->get<std::int64_t>(), std::int64_t{0}, kLongest) : 0);
  return date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + seconds);
}

state::Registration read_contact(const std::string& username, const Json& contact) {
  return {username, text_or_empty(contact, "Address"), text_or_empty(contact, "User-Agent"), expiry(contact)};
}

bool says_none(const RpcError& error) {
  return error.kind == RpcError::Kind::refused && (error.message.find("not found") != std::string::npos ||
                                                   error.message.find("no contacts") != std::string::npos);
}

/// Dropped already, but not from the disk yet.
bool is_deleted(const Json& contact) {
  return contact.contains("Expires") && (contact["Expires"] == "deleted" || contact["Expires"] == "expired");
}

/// What `ul.lookup` lists; nothing when there is no contact.
RpcResult<std::vector<Json>> list_contacts(Rpc& rpc, const std::string& username) {
  std::vector<Json> contacts;
  const auto reply = rpc.call("ul.lookup", Json::array({"location", username}));
  if (!reply && says_none(reply.error())) return contacts;
  if (!reply) return tl::unexpected(reply.error());
  if (!reply->is_object() || !reply->contains("Contacts")) return contacts;
  for (const Json& entry : (*reply)["Contacts"]) {
    if (entry.is_object() && entry.contains("Contact") && entry["Contact"].is_object()) {
      contacts.push_back(entry["Contact"]);
    }
  }
  return contacts;
}

/// The address of the contact with this ruid; empty when there is none.
RpcResult<std::string> find_address(Rpc& rpc, const std::string& username, const std::string& device) {
  return list_contacts(rpc, username).map([&](const auto& contacts) {
    for (const Json& contact : contacts) {
      if (!is_deleted(contact) && text_or_empty(contact, "Ruid") == device) return text_or_empty(contact, "Address");
    }
    return std::string();
  });
}

/// Kamailio tells by itself only of those that have reached the disk.
RpcResult<void> tell_dropped(Rpc& rpc, const std::string& username, const std::string& device) {
  const auto told = rpc.call("htable.sets", Json::array({"dropped", device, username}));
  if (!told) return tl::unexpected(told.error());
  return {};
}

tl::unexpected<RpcError> still_there(const std::string& username) {
  return tl::unexpected(RpcError{RpcError::Kind::refused, "contacts of " + username + " are still there"});
}

}  // namespace

RpcResult<std::vector<state::Registration>> look_up_contacts(Rpc& rpc, const std::string& username) {
  return list_contacts(rpc, username).map([&](const auto& contacts) {
    std::vector<state::Registration> registrations;
    registrations.reserve(contacts.size());
    for (const Json& contact : contacts) registrations.push_back(read_contact(username, contact));
    return registrations;
  });
}

RpcResult<void> drop_contact(Rpc& rpc, const std::string& username, const std::string& device) {
  const auto address = find_address(rpc, username, device);
  if (!address) return tl::unexpected(address.error());
  if (address->empty()) return {};
  const auto dropped = rpc.call("ul.rm_contact", Json::array({"location", username, *address}));
  if (!dropped && !says_none(dropped.error())) return tl::unexpected(dropped.error());
  const auto left = find_address(rpc, username, device);
  if (!left) return tl::unexpected(left.error());
  return left->empty() ? tell_dropped(rpc, username, device) : still_there(username);
}

RpcResult<void> drop_contacts(Rpc& rpc, const std::string& username) {
  const auto present = list_contacts(rpc, username);
  if (!present) return tl::unexpected(present.error());
  if (present->empty()) return {};
  const auto dropped = rpc.call("ul.rm", Json::array({"location", username}));
  if (!dropped && !says_none(dropped.error())) return tl::unexpected(dropped.error());
  const auto left = look_up_contacts(rpc, username);
  if (!left) return tl::unexpected(left.error());
  if (!left->empty()) return still_there(username);
  for (const Json& contact : *present) {
    const auto told = tell_dropped(rpc, username, text_or_empty(contact, "Ruid"));
    if (!told) return told;
  }
  return {};
}

}  // namespace neolia::gateway::kamailio
