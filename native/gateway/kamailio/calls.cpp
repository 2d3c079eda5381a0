// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/calls.hpp"

#include <algorithm>
#include <array>

namespace neolia::gateway::kamailio {
namespace {

using model::Json;

constexpr std::array<std::string_view, 4> kLast{"declined", "missed", "ended", "denied"};

bool is_last(const std::string& type) { return std::find(kLast.begin(), kLast.end(), type) != kLast.end(); }

std::string text_or_empty(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

void follow(Call& call, const CallEvent& event, const std::string& type) {
  const Json& json = event.event;
  if (json["step"].is_number_integer()) call.step = json["step"];
  if (type != "answered") return;
  call.answered = true;
  call.by = text_or_empty(json["by"]);
  call.device = text_or_empty(json["device"]);
  call.dialog = event.dialog;
}

/// Null when there is none, or when it does not name whom it rings.
const Json& usernames_of_step(const Call& call) {
  static const Json kNone;
  const Json& steps = call.incoming["steps"];
  const auto index = static_cast<std::size_t>(call.step);
  return steps.is_array() && call.step >= 0 && index < steps.size() ? steps[index]["usernames"] : kNone;
}

/// Everything that is asked of the event later; Json::exception when something is not there.
void expect_incoming(const Json& incoming) {
  for (const char* field : {"call_id", "at"}) static_cast<void>(incoming.at(field).get_ref<const std::string&>());
  for (const char* field : {"sip_call_id", "session_id", "test", "account_id"}) static_cast<void>(incoming.at(field));
  for (const char* field : {"account_id", "username"}) static_cast<void>(incoming.at("caller").at(field));
  const Json& steps = incoming.at("steps");
  if (!steps.is_array()) return;
  for (const Json& step : steps) static_cast<void>(step.at("usernames"));
}

std::string text(const Call& call) { return to_json(call).dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string Call::sip_call_id() const { return text_or_empty(incoming["sip_call_id"]); }

std::string Call::session_id() const { return text_or_empty(incoming["session_id"]); }
bool Call::is_test() const { return incoming["test"] == true; }

bool Call::is_of(const model::Id& account_id, const std::string& username) const {
  if (incoming["caller"]["account_id"] == account_id || incoming["account_id"] == account_id) return true;
  if (incoming["caller"]["username"] == username) return true;
  return answered ? by == username : usernames_of_step(*this) == Json::array({username});
}

Json to_json(const Call& call) {
  Json json = {{"incoming", call.incoming}, {"answered", call.answered}, {"by", call.by},
               {"device", call.device},     {"step", call.step},         {"dialog", call.dialog}};
  json["cseq"] = call.cseq ? Json(*call.cseq) : Json();
  return json;
}

std::optional<Call> read_call(const std::string& text) {
  const Json json = model::parse_json(text);
  try {
    Call call{json.at("incoming"),
              json.at("answered"),
              json.at("by"),
              json.at("device"),
              json.at("step"),
              std::nullopt,
              json.at("dialog"),
              {},
              {}};
    if (!json.at("cseq").is_null()) call.cseq = json.at("cseq");
    expect_incoming(call.incoming);
    return call;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

Calls::Calls(const std::vector<std::string>& stored) {
  for (const auto& text : stored) {
    auto call = read_call(text);
    if (!call) continue;
    order_.emplace(call->incoming["at"], call->call_id());
    calls_.emplace(call->call_id(), std::move(*call));
  }
}

std::string Calls::note(const CallEvent& event) {
  const std::string type = event.event["type"];
  const std::string call_id = event.event["call_id"];
  if (type == "incoming") {
    Call call;
    call.incoming = event.event;
    call.cseq = event.cseq;
    changed_.insert_or_assign(call_id, std::move(call));
  }
  auto* call = find_changed(call_id);
  if (call == nullptr) return {};
  if (is_last(type)) return changed_[call_id].reset(), std::string();
  follow(*call, event, type);
  return text(*call);
}

Call* Calls::find_changed(const std::string& call_id) {
  auto changed = changed_.find(call_id);
  if (changed == changed_.end()) {
    auto present = find(call_id);
    if (!present) return nullptr;
    changed = changed_.emplace(call_id, std::move(present)).first;
  }
  return changed->second ? &*changed->second : nullptr;
}

void Calls::commit() {
  const std::scoped_lock lock(mutex_);
  for (auto& [call_id, call] : changed_) {
    const auto present = calls_.find(call_id);
    if (call && present != calls_.end()) {
      call->barred = std::move(present->second.barred);
      call->ending = std::move(present->second.ending);
    }
    end(call_id);
    if (call) begin(std::move(*call));
  }
  changed_.clear();
  ended_.notify_all();
}

void Calls::begin(Call call) {
  const auto call_id = call.call_id();
  while (calls_.size() >= kMax) end(std::string(order_.begin()->second));
  order_.emplace(call.incoming["at"], call_id);
  calls_.emplace(call_id, std::move(call));
}

void Calls::end(const std::string& call_id) {
  const auto found = calls_.find(call_id);
  if (found == calls_.end()) return;
  order_.erase({found->second.incoming["at"], call_id});
  calls_.erase(found);
}

void Calls::set_ending(const std::string& call_id, std::string_view reason) {
  const std::scoped_lock lock(mutex_);
  const auto found = calls_.find(call_id);
  if (found != calls_.end()) found->second.ending = reason;
}

std::vector<Call> Calls::list() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Call> list;
  list.reserve(order_.size());
  for (const auto& [at, call_id] : order_) list.push_back(calls_.at(call_id));
  return list;
}

std::optional<Call> Calls::find(const std::string& call_id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = calls_.find(call_id);
  return found == calls_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Calls::revoke(const std::string& username) {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> ends;
  for (auto& [call_id, call] : calls_) {
    if (call.is_of({}, username)) {
      ends.push_back(call_id);
    } else if (!call.answered) {
      call.barred.insert(username);
    }
  }
  return ends;
}

std::vector<std::string> Calls::answered_by_barred() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> ends;
  for (const auto& [call_id, call] : calls_) {
    if (call.answered && call.barred.contains(call.by)) ends.push_back(call_id);
  }
  return ends;
}

bool Calls::wait_ended(const std::string& call_id, std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, patience, [&] { return !calls_.contains(call_id); });
}

}  // namespace neolia::gateway::kamailio
