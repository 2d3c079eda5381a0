// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/figures.hpp"

namespace neolia::gateway::kamailio {
namespace {

using model::Json;

std::optional<std::int64_t> read_count(const RpcResult<Json>& answer, const char* name) {
  if (!answer || !answer->is_object()) return std::nullopt;
  const auto count = answer->find(name);
  if (count == answer->end() || !count->is_number_integer()) return std::nullopt;
  return count->get<std::int64_t>();
}

}  // namespace

std::optional<std::int64_t> count_calls(Rpc& rpc) {
  return read_count(rpc.call("dlg.stats_active", Json::array()), "all");
}

std::optional<std::int64_t> count_contacts(Rpc& rpc) {
  return read_count(rpc.call("stats.fetchn", Json::array({"usrloc:"})), "usrloc.location_contacts");
}

std::optional<std::string> read_version(Rpc& rpc) {
  const auto version = rpc.call("core.version", Json::array());
  if (!version || !version->is_string()) return std::nullopt;
  const auto words = version->get<std::string>();  // "kamailio 5.6.3 (x86_64/linux)"
  const auto begin = words.find(' ') + 1;
  return words.substr(begin, words.find(' ', begin) - begin);
}

}  // namespace neolia::gateway::kamailio
