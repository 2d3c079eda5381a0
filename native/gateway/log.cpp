// SPDX-License-Identifier: Apache-2.0
#include "gateway/log.hpp"

#include <date/date.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>

namespace neolia::gateway::log {
namespace {

constexpr std::size_t kMaxValue = 300;
constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warning", "error"};

std::atomic<Level> threshold{Level::info};

bool is_plain(char c) { return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\'; }

void append_escaped(std::string& line, char c) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    line += {'\\', c};
  } else if (byte < 0x20 || byte == 0x7f) {
    line += {'\\', 'x', kHex[byte >> 4U], kHex[byte & 0xfU]};
  } else {
    line += c;
  }
}

void append_value(std::string& line, std::string_view value) {
  const auto cut = value.substr(0, kMaxValue);
  const bool plain = !cut.empty() && std::all_of(cut.begin(), cut.end(), is_plain);
  if (!plain) line += '"';
  for (const char c : cut) append_escaped(line, c);
  if (cut.size() < value.size()) line += "...";
  if (!plain) line += '"';
}

void write(Level level, std::string_view message, Fields fields) {
  if (level < threshold.load(std::memory_order_relaxed)) return;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const std::string line = date::format("%FT%TZ ", now) + format(level, message, fields) + "\n";
  // One write per line keeps lines of several threads whole; nobody can be told when it fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

std::optional<Level> level_from(std::string_view name) {
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    if (kLevels.at(i) == name) return static_cast<Level>(i);
  }
  return std::nullopt;
}

void set_level(Level level) { threshold = level; }

std::string format(Level level, std::string_view message, Fields fields) {
  std::string line{kLevels.at(static_cast<std::size_t>(level))};
  line += ' ';
  for (const char c : message) append_escaped(line, c);
  for (const auto& [key, value] : fields) {
    line += ' ';
    line += key;
    line += '=';
    append_value(line, value);
  }
  return line;
}

void debug(std::string_view message, Fields fields) { write(Level::debug, message, fields); }
void info(std::string_view message, Fields fields) { write(Level::info, message, fields); }
void warning(std::string_view message, Fields fields) { write(Level::warning, message, fields); }
void error(std::string_view message, Fields fields) { write(Level::error, message, fields); }

}  // namespace neolia::gateway::log
