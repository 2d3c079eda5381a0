// SPDX-License-Identifier: Apache-2.0
#include "rules/moment.hpp"

#include <regex>

namespace neolia::rules {
namespace {

constexpr std::size_t kMaxLength = 64;

std::chrono::microseconds read_fraction(std::string digits) {
  digits.resize(6, '0');
  return std::chrono::microseconds(std::stoi(digits));
}

}  // namespace

std::optional<Moment> parse_moment(const std::string& text) {
  static const std::regex kForm(R"((\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00))");
  std::smatch match;
  if (text.size() > kMaxLength || !std::regex_match(text, match, kForm)) return std::nullopt;
  const auto number = [&](std::size_t group) { return std::stoi(match[group].str()); };
  const std::chrono::year_month_day day(std::chrono::year(number(1)),
                                        std::chrono::month(static_cast<unsigned>(number(2))),
                                        std::chrono::day(static_cast<unsigned>(number(3))));
  if (!day.ok() || number(4) > 23 || number(5) > 59 || number(6) > 59) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(number(4)) + std::chrono::minutes(number(5)) +
         std::chrono::seconds(number(6)) + read_fraction(match[7].str());
}

}  // namespace neolia::rules
