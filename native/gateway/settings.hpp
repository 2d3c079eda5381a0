// SPDX-License-Identifier: Apache-2.0
/// Every setting of the daemon, from one declared table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/error.hpp"

namespace neolia::gateway {

struct Settings {
  std::string listen_address;
  std::int64_t listen_port{};
  std::string token_file;
  std::string tls_certificate;
  std::string tls_key;
  std::string data_folder;
  std::string kamailio_rpc_socket;
  std::string allowed_origins;
  std::string log_level;
  std::int64_t max_body_bytes{};
  std::int64_t max_connections{};
  std::int64_t header_seconds{};
  std::int64_t body_seconds{};
  std::int64_t send_seconds{};
  std::int64_t idle_seconds{};
  std::int64_t event_queue{};
  std::int64_t event_log_rows{};
  std::int64_t kamailio_milliseconds{};
  std::string sip_websocket;
  std::string sip_certificate;
  std::int64_t max_sip_connections{};
  std::string turn_urls;
  std::string turn_secret_file;
  std::string sip_address;
  std::string rtpengine_address;
  std::string agent_address;
  std::int64_t message_seconds{};
  std::int64_t message_keep_days{};
  std::int64_t message_keep_megabytes{};
  std::string greeting_language;
  std::string greetings_folder;
  std::string ffmpeg;
};

/// `key=value` as given on the command line.
using Override = std::pair<std::string, std::string>;

/// Reads the JSON object in `file` (no file when empty), then `overrides`, then checks. The error names every bad
/// setting.
[[nodiscard]] model::Result<Settings> load_settings(const std::string& file, const std::vector<Override>& overrides);

/// The settings as a Markdown table.
[[nodiscard]] std::string describe_settings();

/// The secret in `file`, named by `setting`, without the line's end. Refused: readable by others, empty, shorter than
/// 16 characters, longer than 1 KiB.
[[nodiscard]] model::Result<std::string> read_secret(const std::string& setting, const std::string& file);

/// The bearer token.
[[nodiscard]] model::Result<std::string> read_token(const std::string& file);

struct HostPort {
  std::string address;
  std::uint16_t port = 0;
};

/// `192.0.2.1:5060` or `[2001:db8::1]:5060`; empty when it is not.
[[nodiscard]] std::optional<HostPort> read_host_port(std::string_view text);

}  // namespace neolia::gateway
