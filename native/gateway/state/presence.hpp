// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace neolia::gateway::state {

/// A contact came or went, as Kamailio tells it; times in microseconds since the epoch.
struct Sighting {
  bool registered = false;
  std::string username;  ///< of the account
  std::string device;    ///< the contact's ruid
  std::string session;   ///< username of the session that it signed in with; empty for the account itself
  std::int64_t at = 0;
  std::int64_t left = 0;  ///< contacts that the account has now

  bool operator==(const Sighting&) const = default;
};

/// A contact that came. One of a session is remembered for an hour after it went: until then a Kamailio that crashes
/// may bring it back from its disk.
struct Device {
  std::string device;
  std::string username;
  std::string session;
  std::int64_t gone = 0;  ///< when it went; 0 while it is there

  bool operator==(const Device&) const = default;
};

inline constexpr std::int64_t kRememberDevice = 3'600'000'000;  ///< microseconds

/// When an account was last registered; empty while it is, and when nobody saw it go.
struct Absence {
  std::string username;
  std::optional<std::int64_t> since;

  bool operator==(const Absence&) const = default;
};

/// Which devices are there, and since when accounts are not: what gateway.sqlite holds, in memory. Any thread.
class Presence {
 public:
  Presence(std::vector<Absence> absences, std::vector<Device> devices);

  void note(const Sighting& sighting);

  [[nodiscard]] std::optional<std::int64_t> absent_since(const std::string& username) const;
  /// The devices that signed in with a session, also those that went within the last hour.
  [[nodiscard]] std::vector<Device> devices_of_sessions() const;
  [[nodiscard]] std::optional<Device> find(const std::string& device) const;

 private:
  void note_device(const Sighting& sighting);

  mutable std::mutex mutex_;
  std::map<std::string, std::optional<std::int64_t>> absences_;
  std::map<std::string, Device> devices_;
};

}  // namespace neolia::gateway::state
