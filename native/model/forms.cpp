// SPDX-License-Identifier: Apache-2.0
#include "model/forms.hpp"

#include <charconv>
#include <string>

#include <arpa/inet.h>

namespace neolia::model {
namespace {

constexpr std::size_t kMaxHostName = 253;
constexpr std::size_t kMaxUrl = 2048;
constexpr Form kLabel{CharSet{"a-z0-9"}, CharSet{"a-z0-9-"}, 63, ""};
constexpr Form kDigits{CharSet{"0-9"}, CharSet{"0-9"}, 5, ""};

bool is_label(std::string_view text) { return kLabel.fits(text) && text.back() != '-'; }

bool parses_as(int family, std::string_view text) {
  in6_addr address{};
  return text.size() < INET6_ADDRSTRLEN && inet_pton(family, std::string(text).c_str(), &address) == 1;
}

std::string lower(std::string_view text) {
  std::string folded(text);
  for (char& letter : folded) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return folded;
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  return kDigits.fits(text) && std::from_chars(text.data(), text.data() + text.size(), port).ec == std::errc() &&
         port > 0 && port <= 65535;
}

/// `host`, `host:port`, `[ipv6]` or `[ipv6]:port`.
bool is_authority(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t end = bracketed ? text.find(']') : text.find(':');
  if (bracketed && end == std::string_view::npos) return false;
  const std::string_view host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
  const std::string_view rest = end == std::string_view::npos ? "" : text.substr(bracketed ? end + 1 : end);
  const bool good_host = bracketed ? parses_as(AF_INET6, host) : is_host_name(lower(host));
  return good_host && (rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1))));
}

}  // namespace

bool is_host_name(std::string_view text) {
  if (text.size() > kMaxHostName) return false;
  std::string_view rest = text;
  for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    if (!is_label(rest.substr(0, dot))) return false;
    rest.remove_prefix(dot + 1);
  }
  const bool numeric = rest.find_first_not_of("0123456789") == std::string_view::npos;
  return is_label(rest) && (!numeric || parses_as(AF_INET, text));
}

bool is_ip_address(std::string_view text) { return parses_as(AF_INET, text) || parses_as(AF_INET6, text); }

bool is_http_url(std::string_view text) {
  constexpr CharSet kPrintable{"!-~"};
  if (text.size() > kMaxUrl || !std::ranges::all_of(text, [&](char c) { return kPrintable.contains(c); })) return false;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return false;
  const std::string scheme = lower(text.substr(0, colon));
  const std::string_view after = text.substr(colon + 3);
  return (scheme == "http" || scheme == "https") && is_authority(after.substr(0, after.find_first_of("/?#")));
}

bool is_dotted_pair(std::string_view text) {
  const std::size_t dot = text.find('.');
  return dot != std::string_view::npos && kWord.fits(text.substr(0, dot)) && kWord.fits(text.substr(dot + 1));
}

bool is_sip_uri(std::string_view text) {
  constexpr std::string_view kScheme = "sip:";
  const std::size_t at = text.find('@');
  return text.starts_with(kScheme) && at != std::string_view::npos &&
         kUriUser.fits(text.substr(kScheme.size(), at - kScheme.size())) && is_host_name(text.substr(at + 1));
}

std::string_view domain_of(std::string_view uri) { return uri.substr(uri.rfind('@') + 1); }

}  // namespace neolia::model
