// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/htables.hpp"

namespace neolia::gateway::kamailio {
namespace {

using model::Json;

tl::unexpected<RpcError> different(const std::string& what) {
  return tl::unexpected(
      RpcError{RpcError::Kind::refused, "Kamailio reads back something else than was written: " + what});
}

/// Kamailio says that an entry is missing by an error, and has no code of its own for it.
bool says_missing(const RpcError& error) {
  return error.kind == RpcError::Kind::refused && (error.message.find("doesn't exist") != std::string::npos ||
                                                   error.message.find("not found") != std::string::npos);
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

template <typename Step, typename Names>
RpcResult<void> for_each(const Names& names, Step step) {
  for (const auto& name : names) {
    if (auto done = step(name); !done) return done;
  }
  return {};
}

}  // namespace

RpcResult<void> Htables::write(const rules::TablesChange& change) {
  const auto put = [&](const std::string& table, const auto& entries) {
    return for_each(entries, [&](const auto& entry) { return set(table, entry.first, entry.second); });
  };
  const auto drop = [&](const std::string& table, const auto& names) {
    return for_each(names, [&](const std::string& name) { return remove(table, name); });
  };
  return put("targets", change.put.targets)
      .and_then([&] { return put("rules", change.put.rules); })
      .and_then([&] { return put("dial", change.put.dial); })
      .and_then([&] { return drop("dial", change.removed.dial); })
      .and_then([&] { return drop("rules", change.removed.rules); })
      .and_then([&] { return drop("targets", change.removed.targets); });
}

RpcResult<void> Htables::reload(const Sizes& sizes) {
  for (const char* table : {"targets", "rules", "dial", "sys"}) {
    if (auto done = rpc_.call("htable.reload", Json::array({table})); !done) return tl::unexpected(done.error());
  }
  const auto statistics = rpc_.call("htable.stats", Json::array());
  if (!statistics) return tl::unexpected(statistics.error());
  return expect_size(*statistics, "targets", sizes.targets)
      .and_then([&] { return expect_size(*statistics, "rules", sizes.rules); })
      .and_then([&] { return expect_size(*statistics, "dial", sizes.dial); });
}

RpcResult<void> Htables::expect_size(const Json& statistics, const std::string& table, std::size_t size) const {
  for (const Json& entry : statistics) {
    if (!entry.is_object() || entry.value("name", Json()) != table) continue;
    const Json all = entry.value("all", Json());
    const auto present = all.is_number_integer() ? all.get<std::size_t>() : 0;
    if (present == size) return {};
    return different("table " + table + " has " + std::to_string(present) + " of " + std::to_string(size) +
                     " entries; when sip.sqlite was replaced while Kamailio ran, restart Kamailio");
  }
  return different("there is no table " + table);
}

RpcResult<std::optional<std::string>> Htables::get(const std::string& table, const std::string& key) {
  auto reply = rpc_.call("htable.get", Json::array({table, key}));
  if (!reply && says_missing(reply.error())) return std::nullopt;
  if (!reply) return tl::unexpected(reply.error());
  if (!reply->is_object() || !reply->contains("item") || !(*reply)["item"].contains("value")) return std::nullopt;
  return text_of((*reply)["item"]["value"]);
}

RpcResult<void> Htables::set(const std::string& table, const std::string& key, const std::string& value) {
  if (auto done = rpc_.call("htable.sets", Json::array({table, key, value})); !done)
    return tl::unexpected(done.error());
  const auto present = get(table, key);
  if (!present) return tl::unexpected(present.error());
  return *present == value ? RpcResult<void>() : different(table + " " + key);
}

RpcResult<void> Htables::remove(const std::string& table, const std::string& key) {
  auto done = rpc_.call("htable.delete", Json::array({table, key}));
  if (!done && !says_missing(done.error())) return tl::unexpected(done.error());
  const auto present = get(table, key);
  if (!present) return tl::unexpected(present.error());
  return *present ? different(table + " " + key + " is still there") : RpcResult<void>();
}

}  // namespace neolia::gateway::kamailio
