// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings.hpp"

#include <arpa/inet.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <variant>

#include "model/fields.hpp"
#include "model/json.hpp"

namespace neolia::gateway {
namespace {

using model::ErrorCode;
using model::FieldCode;
using model::FieldError;
using model::Json;

enum class Need { optional, required };

struct Text {
  std::string Settings::*member;
  const char* fallback;
  Need need = Need::optional;
  const char* choices = "";  ///< separated by one space; any text when empty
};

struct Number {
  std::int64_t Settings::*member;
  std::int64_t fallback;
  std::int64_t min;
  std::int64_t max;
};

struct Setting {
  const char* key;
  std::variant<Text, Number> type;
  const char* description;
};

constexpr std::array kSettings{
    Setting{"listen_address", Text{&Settings::listen_address, "127.0.0.1"}, "IP address to listen on"},
    Setting{"listen_port", Number{&Settings::listen_port, 8125, 0, 65535}, "TCP port; 0 takes a free one and logs it"},
    Setting{"token_file", Text{&Settings::token_file, "", Need::required},
            "file that holds the bearer token, readable by the daemon's user only"},
    Setting{"tls_certificate", Text{&Settings::tls_certificate, ""},
            "PEM file with the certificate chain; plain HTTP without"},
    Setting{"tls_key", Text{&Settings::tls_key, ""}, "PEM file with the private key of tls_certificate"},
    Setting{"data_folder", Text{&Settings::data_folder, "", Need::required},
            "folder of gateway.sqlite, sip.sqlite, location.sqlite, events.sqlite"},
    Setting{"kamailio_rpc_socket", Text{&Settings::kamailio_rpc_socket, "", Need::required},
            "Kamailio's JSON-RPC datagram socket; our own sockets are made beside it"},
    Setting{"allowed_origins", Text{&Settings::allowed_origins, ""},
            "web origins that may open the WebSocket, separated by spaces; none when empty"},
    Setting{"log_level", Text{&Settings::log_level, "info", Need::optional, "debug info warning error"},
            "lines below this level are not written"},
    Setting{"max_body_bytes", Number{&Settings::max_body_bytes, 64 << 20, 1024, 1 << 30}, "largest request body"},
    Setting{"max_connections", Number{&Settings::max_connections, 64, 1, 10000},
            "connections at a time; more are closed"},
    Setting{"header_seconds", Number{&Settings::header_seconds, 10, 1, 600},
            "time for a request's header, also while idle"},
    Setting{"body_seconds", Number{&Settings::body_seconds, 60, 1, 3600}, "time for a request's body"},
    Setting{"send_seconds", Number{&Settings::send_seconds, 15, 1, 600},
            "time for a client to take an answer or a WebSocket message; slower ones are closed"},
    Setting{"idle_seconds", Number{&Settings::idle_seconds, 60, 2, 3600},
            "a silent WebSocket is pinged after half of it and closed after all of it"},
    Setting{
        "event_queue", Number{&Settings::event_queue, 1000, 10, 100000},
        "newest events kept in memory for WebSockets; a client further behind is closed and comes back by its cursor"},
    Setting{"event_log_rows", Number{&Settings::event_log_rows, 100000, 100, 10000000}, "events kept on disk"},
    Setting{"kamailio_milliseconds", Number{&Settings::kamailio_milliseconds, 3000, 50, 60000},
            "time for Kamailio to answer one command"},
    Setting{"sip_websocket", Text{&Settings::sip_websocket, "127.0.0.1:8088"},
            "IP address and port of Kamailio's WebSocket, where /v1/sip leads"},
    Setting{"sip_certificate", Text{&Settings::sip_certificate, ""},
            "Kamailio's certificate file: when it changes, Kamailio reads it again; not watched when empty"},
    Setting{"max_sip_connections", Number{&Settings::max_sip_connections, 1000, 1, 10000},
            "WebSockets of /v1/sip at a time, besides max_connections"},
    Setting{"turn_urls", Text{&Settings::turn_urls, ""},
            "TURN servers that sessions are told, separated by spaces; none when empty"},
    Setting{
        "turn_secret_file", Text{&Settings::turn_secret_file, ""},
        "file that holds the secret shared with them (coturn: static-auth-secret), readable by the daemon's user only"},
    Setting{"sip_address", Text{&Settings::sip_address, "127.0.0.1:5060"},
            "Kamailio's IP address and UDP port, where test calls go"},
    Setting{"rtpengine_address", Text{&Settings::rtpengine_address, "127.0.0.1:2223"},
            "IP address and UDP port of RTPEngine's NG socket"},
    Setting{"agent_address", Text{&Settings::agent_address, "127.0.0.1:5090"},
            "loopback IP address and UDP port of the agent that answers for voicemail and makes test calls; neither "
            "when empty"},
    Setting{"message_seconds", Number{&Settings::message_seconds, 60, 2, 600}, "longest message"},
    Setting{"message_keep_days", Number{&Settings::message_keep_days, 30, 1, 3650}, "older messages are removed"},
    Setting{"message_keep_megabytes", Number{&Settings::message_keep_megabytes, 500, 1, 1000000},
            "space for all messages; the oldest go first"},
    Setting{"greeting_language", Text{&Settings::greeting_language, "en", Need::optional, "en fr"},
            "language of the shipped greeting"},
    Setting{"greetings_folder", Text{&Settings::greetings_folder, "/usr/share/neolia-intercom/greetings"},
            "folder of the shipped greetings"},
    Setting{"ffmpeg", Text{&Settings::ffmpeg, "ffmpeg"}, "program that records, a path or a name in PATH"},
};

void add(std::vector<FieldError>& errors, FieldCode code, std::string_view key, std::string message) {
  errors.push_back({code, std::string(key), std::move(message)});
}

bool is_choice(std::string_view choices, std::string_view value) {
  return choices.empty() ||
         (" " + std::string(choices) + " ").find(" " + std::string(value) + " ") != std::string::npos;
}

void read_value(const Text& type, std::string_view key, const Json& value, Settings& out,
                std::vector<FieldError>& errors) {
  if (!value.is_string()) return add(errors, FieldCode::type, key, "must be a text");
  out.*type.member = value.get<std::string>();
  if (!is_choice(type.choices, out.*type.member)) {
    add(errors, FieldCode::format, key, "must be one of: " + std::string(type.choices));
  }
}

void read_value(const Number& type, std::string_view key, const Json& value, Settings& out,
                std::vector<FieldError>& errors) {
  if (!value.is_number_integer()) return add(errors, FieldCode::type, key, "must be a whole number");
  const auto number = value.get<std::int64_t>();
  if (number < type.min || number > type.max) {
    return add(errors, FieldCode::range, key,
               "must be from " + std::to_string(type.min) + " to " + std::to_string(type.max));
  }
  out.*type.member = number;
}

void read_setting(std::string_view key, const Json& value, Settings& out, std::vector<FieldError>& errors) {
  const auto* setting =
      std::find_if(kSettings.begin(), kSettings.end(), [&](const Setting& s) { return s.key == key; });
  if (setting == kSettings.end()) {
    return add(errors, FieldCode::unknown, model::presentable(key),
               "is not a setting; --describe-settings lists them all");
  }
  std::visit([&](const auto& type) { read_value(type, key, value, out, errors); }, setting->type);
}

Settings defaults() {
  Settings settings;
  for (const Setting& setting : kSettings) {
    std::visit([&](const auto& type) { settings.*type.member = type.fallback; }, setting.type);
  }
  return settings;
}

model::Result<Json> read_file(const std::string& file) {
  if (file.empty()) return Json::object();
  std::ifstream stream(file);
  Json json = Json::parse(stream, nullptr, false);
  if (!stream || !json.is_object()) {
    return tl::unexpected(model::Error{ErrorCode::invalid, file + " must be a readable file with one JSON object", {}});
  }
  return json;
}

/// Text settings are taken as they stand, so that a token file named "17" stays a text.
Json override_value(const Override& override) {
  const auto& [key, value] = override;
  const auto* setting =
      std::find_if(kSettings.begin(), kSettings.end(), [&](const Setting& s) { return s.key == key; });
  if (setting == kSettings.end() || std::holds_alternative<Text>(setting->type)) return value;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc{} && end == value.data() + value.size() ? Json(number) : Json(value);
}

void check_addresses(const Settings& settings, std::vector<FieldError>& errors) {
  const auto expect_address = [&](const char* key, const std::string& value) {
    auto address = read_host_port(value);
    if (!address) add(errors, FieldCode::format, key, "must be an IP address and a port, as 127.0.0.1:8088");
    return address;
  };
  expect_address("sip_websocket", settings.sip_websocket);
  expect_address("sip_address", settings.sip_address);
  expect_address("rtpengine_address", settings.rtpengine_address);
  if (settings.agent_address.empty()) return;
  const auto agent = expect_address("agent_address", settings.agent_address);
  if (agent && agent->address != "::1" && !agent->address.starts_with("127.")) {
    add(errors, FieldCode::format, "agent_address", "must be a loopback address, because the agent trusts its callers");
  }
}

void check_together(const Settings& settings, std::vector<FieldError>& errors) {
  for (const Setting& setting : kSettings) {
    const auto* text = std::get_if<Text>(&setting.type);
    if (text != nullptr && text->need == Need::required && (settings.*text->member).empty()) {
      add(errors, FieldCode::required, setting.key, std::string("is needed: ") + setting.description);
    }
  }
  if (settings.tls_certificate.empty() != settings.tls_key.empty()) {
    add(errors, FieldCode::required, settings.tls_key.empty() ? "tls_key" : "tls_certificate",
        "tls_certificate and tls_key go together");
  }
  if (!settings.turn_urls.empty() && settings.turn_secret_file.empty()) {
    add(errors, FieldCode::required, "turn_secret_file", "is needed with turn_urls");
  }
  check_addresses(settings, errors);
}

std::string constraint(const Text& type) {
  return *type.choices != '\0' ? type.choices : (type.need == Need::required ? "required" : "");
}

std::string constraint(const Number& type) { return std::to_string(type.min) + "–" + std::to_string(type.max); }

std::string fallback(const Text& type) { return type.fallback; }
std::string fallback(const Number& type) { return std::to_string(type.fallback); }

}  // namespace

model::Result<Settings> load_settings(const std::string& file, const std::vector<Override>& overrides) {
  const auto json = read_file(file);
  if (!json) return tl::unexpected(json.error());
  Settings settings = defaults();
  std::vector<FieldError> errors;
  for (const auto& [key, value] : json->items()) read_setting(key, value, settings, errors);
  for (const Override& override : overrides) read_setting(override.first, override_value(override), settings, errors);
  if (errors.empty()) check_together(settings, errors);
  if (!errors.empty())
    return tl::unexpected(model::Error{ErrorCode::invalid, "settings are not usable", std::move(errors)});
  return settings;
}

std::string describe_settings() {
  std::string table = "| key | type | default | constraint | description |\n|---|---|---|---|---|\n";
  for (const Setting& setting : kSettings) {
    const auto* type = std::holds_alternative<Text>(setting.type) ? "text" : "number";
    table += std::string("| `") + setting.key + "` | " + type + " | ";
    table += std::visit([](const auto& t) { return fallback(t) + " | " + constraint(t); }, setting.type);
    table += std::string(" | ") + setting.description + " |\n";
  }
  return table;
}

model::Result<std::string> read_secret(const std::string& setting, const std::string& file) {
  const auto refuse = [&](const std::string& why) {
    return tl::unexpected(model::Error{ErrorCode::invalid, setting + " " + file + " " + why, {}});
  };
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return refuse("cannot be read; write the secret into it and run chmod 600");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) return refuse("is open to other users; run chmod 600 on it");
  std::ifstream stream(file);
  std::string token;
  std::getline(stream, token);
  if (!stream.eof() && stream.fail()) return refuse("cannot be read");
  if (token.size() < 16 || token.size() > 1024) return refuse("must hold one line of 16 to 1024 characters");
  return token;
}

model::Result<std::string> read_token(const std::string& file) { return read_secret("token_file", file); }

std::optional<HostPort> read_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto address = text.substr(0, colon);
  const bool bracketed = address.starts_with('[') && address.ends_with(']');
  if (bracketed) address = address.substr(1, address.size() - 2);
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  const std::string name(address);
  if (::inet_pton(bracketed ? AF_INET6 : AF_INET, name.c_str(), parsed.data()) != 1) return std::nullopt;
  const auto digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  return HostPort{name, port};
}

}  // namespace neolia::gateway
