// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstdint>
#include <string>

namespace neolia::gateway::media {

/// The length of what ffmpeg has made, from the last of its `-progress` reports.
inline double seconds_made(const std::string& progress) {
  constexpr std::string_view kName = "out_time_us=";
  const auto found = progress.rfind(kName);
  if (found == std::string::npos) return 0;
  std::int64_t microseconds = 0;
  std::from_chars(progress.data() + found + kName.size(), progress.data() + progress.size(), microseconds);
  return static_cast<double>(microseconds) / 1e6;
}

}  // namespace neolia::gateway::media
