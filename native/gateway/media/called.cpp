// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/called.hpp"

#include <algorithm>
#include <charconv>

namespace neolia::gateway::media {
namespace {

constexpr std::size_t kMaxCallId = 64;
constexpr std::string_view kUser = "vm";
constexpr std::string_view kCaller = ";caller=";

std::optional<rules::Key> read_key(std::string_view text) {
  rules::Key key = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), key);
  if (error != std::errc{} || end != text.data() + text.size() || key <= 0) return std::nullopt;
  return key;
}

bool is_call_id(std::string_view text) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '-'; };
  return !text.empty() && text.size() <= kMaxCallId && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

std::optional<rules::Key> read_voicemail_user(const std::string& user) {
  if (!user.starts_with(kUser)) return std::nullopt;
  return read_key(std::string_view(user).substr(kUser.size()));
}

std::optional<NeoliaCall> read_neolia_call(const std::string& header) {
  const auto end = header.find(kCaller);
  if (end == std::string::npos || !is_call_id(std::string_view(header).substr(0, end))) return std::nullopt;
  const auto caller = read_key(std::string_view(header).substr(end + kCaller.size()));
  if (!caller) return std::nullopt;
  return NeoliaCall{header.substr(0, end), *caller};
}

}  // namespace neolia::gateway::media
