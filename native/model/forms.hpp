// SPDX-License-Identifier: Apache-2.0
/// The forms of texts that machines read: numbers, user names, host names, URLs. All are ASCII.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace neolia::model {

/// A set of ASCII characters, written like the inside of a bracket expression: "a-z0-9._-".
class CharSet {
 public:
  consteval explicit CharSet(std::string_view spec) {
    for (std::size_t i = 0; i < spec.size(); ++i) {
      const bool range = i + 2 < spec.size() && spec[i + 1] == '-';
      for (char letter = spec[i]; letter <= (range ? spec[i + 2] : spec[i]); ++letter) {
        members_[static_cast<unsigned char>(letter)] = true;
      }
      if (range) i += 2;
    }
  }
  [[nodiscard]] constexpr bool contains(char letter) const { return members_[static_cast<unsigned char>(letter)]; }

 private:
  std::array<bool, 256> members_{};
};

/// 1 to `max` characters: the first of `first`, all of `all`. `demand` tells a person.
struct Form {
  CharSet first;
  CharSet all;
  std::size_t max;
  const char* demand;

  [[nodiscard]] constexpr bool fits(std::string_view text) const {
    return !text.empty() && text.size() <= max && first.contains(text.front()) &&
           std::ranges::all_of(text, [this](char letter) { return all.contains(letter); });
  }
};

inline constexpr CharSet kAlphanumeric{"0-9A-Za-z"};

inline constexpr Form kCode{kAlphanumeric, kAlphanumeric, 8, "Must be 1 to 8 letters or digits."};
inline constexpr Form kNumber{CharSet{"0-9A-Za-z-"}, CharSet{"0-9A-Za-z-"}, 16,
                              "Must be 1 to 16 letters, digits or hyphens."};
inline constexpr Form kUsername{CharSet{"a-z0-9"}, CharSet{"a-z0-9._-"}, 64,
                                "Must be 1 to 64 of a-z, 0-9, '.', '_', '-', and start with a letter or digit."};
inline constexpr Form kGlob{CharSet{"a-z0-9._*?-"}, CharSet{"a-z0-9._*?-"}, 64,
                            "Must be @door, @unit, @building, @site, or 1 to 64 of a-z, 0-9, '.', '_', '-', '*', '?'."};
inline constexpr Form kDtmfCode{CharSet{"0-9A-D*#"}, CharSet{"0-9A-D*#"}, 16, "Must be 1 to 16 of 0-9, A-D, '*', '#'."};
inline constexpr Form kTimeZone{CharSet{"A-Za-z"}, CharSet{"A-Za-z0-9+_/-"}, 64,
                                "Must be the name of a time zone, like Europe/Paris."};
inline constexpr Form kUriUser{CharSet{"A-Za-z0-9._+-"}, CharSet{"A-Za-z0-9._+-"}, 64, ""};
inline constexpr Form kFieldName{CharSet{"A-Za-z0-9_-"}, CharSet{"A-Za-z0-9_-"}, 64, ""};
inline constexpr Form kWord{CharSet{"a-z0-9_"}, CharSet{"a-z0-9_"}, 128, ""};

/// Lower-case DNS labels of letters, digits and hyphens (underscores are no host names), or an IPv4 address.
[[nodiscard]] bool is_host_name(std::string_view text);

/// An IPv4 address, or an IPv6 address without brackets.
[[nodiscard]] bool is_ip_address(std::string_view text);

/// http or https, a host, no user part, printable ASCII, at most 2048 characters.
[[nodiscard]] bool is_http_url(std::string_view text);

/// Two words with a dot between, like `lock.unlock` or `lock.front_door`.
[[nodiscard]] bool is_dotted_pair(std::string_view text);

/// `sip:user@host`, nothing else.
[[nodiscard]] bool is_sip_uri(std::string_view text);

/// What stands after the last `@` of a SIP URI.
[[nodiscard]] std::string_view domain_of(std::string_view uri);

}  // namespace neolia::model
