// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gateway/kamailio/rpc.hpp"

namespace neolia::gateway::kamailio {

/// The commands that the gateway uses, on tables in memory that are loaded from a real sip.sqlite.
class FakeKamailio final : public Rpc {
 public:
  explicit FakeKamailio(std::string sip_file) : sip_file_(std::move(sip_file)) { restart(); }

  std::map<std::string, std::map<std::string, std::string>> tables;
  std::map<std::string, std::string> told_dropped;                    ///< ruid → username
  std::map<std::string, int> contacts;                                ///< by username: how many
  std::map<std::string, std::map<std::string, std::string>> devices;  ///< by username: ruid and address
  std::map<std::string, int> dialogs;                                 ///< by Call-ID: the state
  bool ends_calls = true;                                             ///< when told to
  std::vector<std::string> commands;                                  ///< "method table key"
  bool away = false;
  std::function<bool(const std::string& command)> breaks = [](const std::string&) { return false; };

  /// Forgets what only its memory held.
  void restart() {
    tables.clear();
    for (const char* table : {"dial", "rules", "targets", "sys"}) load(table);
  }

  RpcResult<model::Json> call(std::string_view method, const model::Json& params) override {
    std::string command(method);
    for (const auto& word : params) command += " " + (word.is_string() ? word.get<std::string>() : word.dump());
    if (away || breaks(command)) return tl::unexpected(RpcError{RpcError::Kind::away, "Kamailio is away"});
    commands.push_back(command);
    return answer(std::string(method), params);
  }
  void notify(std::string_view method, const model::Json& params) override { static_cast<void>(call(method, params)); }

 private:
  using Json = model::Json;

  static tl::unexpected<RpcError> refuse(const char* message) {
    return tl::unexpected(RpcError{RpcError::Kind::refused, message});
  }

  RpcResult<Json> answer(const std::string& method, const Json& params) {
    if (method == "core.version") return Json("kamailio 5.6.3 (x86_64/linux) ");
    if (method == "dlg.stats_active") return Json{{"ongoing", 1}, {"all", 2}};
    if (method == "stats.fetchn") return Json{{"usrloc.location_contacts", contacts.size()}};
    if (method == "htable.stats") return statistics();
    if (method == "tm.reply_callid") return end_dialog(params.at(2).get<std::string>());
    if (method == "dlg.end_dlg") return end_dialog(params.dump());
    if (method == "dlg.dlg_list") return dialog(params.at(0).get<std::string>());
    if (method == "ul.rm_contact") return drop(params.at(1).get<std::string>(), params.at(2).get<std::string>());
    const auto name = params.at(method.starts_with("ul.") ? 1 : 0).get<std::string>();
    if (method == "ul.rm") return contacts.erase(name), Json::object();
    if (method == "ul.lookup") return look_up(name);
    if (name == "dropped") return entry(method, told_dropped, params);
    if (!tables.contains(name)) return refuse("No such htable");
    if (method == "htable.reload") return load(name), Json("Ok. Htable reloaded.");
    return entry(method, tables[name], params);
  }

  static RpcResult<Json> entry(const std::string& method, std::map<std::string, std::string>& table,
                               const Json& params) {
    const auto key = params.at(1).get<std::string>();
    if (method == "htable.sets") return table[key] = params.at(2).get<std::string>(), Json("Ok.");
    if (method == "htable.seti") return table[key] = params.at(2).dump(), Json("Ok.");
    if (!table.contains(key)) {
      return refuse(method == "htable.get" ? "Key name doesn't exist in htable." : "Key not found in htable.");
    }
    if (method == "htable.delete") return table.erase(key), Json("Ok. Key deleted.");
    return Json{{"item", {{"name", key}, {"value", table[key]}}}};
  }

  /// A dialog is named by its Call-ID, or by `[h_entry,h_id]` once it is answered.
  RpcResult<Json> end_dialog(const std::string& name) {
    if (!dialogs.contains(name)) return refuse("Transaction not found");
    if (ends_calls) dialogs.erase(name);
    return Json();
  }

  RpcResult<Json> dialog(const std::string& call_id) const {
    const auto found = dialogs.find(call_id);
    return found == dialogs.end() ? Json() : Json{{"call-id", call_id}, {"state", found->second}};
  }

  RpcResult<Json> drop(const std::string& username, const std::string& address) {
    std::erase_if(devices[username], [&](const auto& device) { return device.second == address; });
    return Json();
  }

  RpcResult<Json> look_up(const std::string& username) {
    Json list = Json::array();
    for (const auto& [ruid, address] : devices[username]) {
      list.push_back({{"Contact", {{"Address", address}, {"Ruid", ruid}, {"Expires", 60}}}});
    }
    if (!contacts.contains(username) && list.empty()) return refuse("AOR not found in location table");
    for (int i = 0; i < contacts[username]; ++i) {
      list.push_back({{"Contact", {{"Address", "sip:x@192.0.2.1"}, {"User-Agent", "phone"}, {"Expires", 60}}}});
    }
    return Json{{"AoR", username}, {"Contacts", list}};
  }

  Json statistics() const {
    Json list = Json::array();
    for (const auto& [name, table] : tables) list.push_back({{"name", name}, {"all", table.size()}});
    return list;
  }

  void load(const std::string& table) {
    SQLite::Database database(sip_file_, SQLite::OPEN_READONLY, 1000);
    SQLite::Statement query(database, "SELECT key_name, key_value FROM " + table);
    tables[table].clear();
    while (query.executeStep()) tables[table][query.getColumn(0).getString()] = query.getColumn(1).getString();
  }

  const std::string sip_file_;
};

}  // namespace neolia::gateway::kamailio
