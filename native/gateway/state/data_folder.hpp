// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/error.hpp"

namespace neolia::gateway::state {

/// The folder of the four files; held by one process at a time.
class DataFolder {
 public:
  /// Takes the folder's lock, sets what is damaged of the four files aside (`.corrupt`), and makes location.sqlite and
  /// events.sqlite when they are missing, so that Kamailio finds them. `conflict` when another gateway holds it.
  [[nodiscard]] static model::Result<DataFolder> open(const std::string& folder);

  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

  [[nodiscard]] std::string gateway_file() const { return folder_ + "/gateway.sqlite"; }
  [[nodiscard]] std::string sip_file() const { return folder_ + "/sip.sqlite"; }
  [[nodiscard]] std::string location_file() const { return folder_ + "/location.sqlite"; }
  [[nodiscard]] std::string events_file() const { return folder_ + "/events.sqlite"; }
  [[nodiscard]] const std::string& path() const { return folder_; }

  /// location.sqlite was damaged when the folder was opened: a Kamailio that runs since before writes to the old one.
  [[nodiscard]] bool location_is_made_again() const { return location_is_made_again_; }

 private:
  DataFolder(std::string folder, int lock) : folder_(std::move(folder)), lock_(lock) {}

  std::string folder_;
  int lock_;
  bool location_is_made_again_ = false;
};

/// Makes events.sqlite when it is missing or damaged; the damaged one is set aside.
[[nodiscard]] model::Result<void> repair_events_file(const DataFolder& folder);

}  // namespace neolia::gateway::state
