// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "model/objects.hpp"
#include "snapshot/snapshot.hpp"

namespace neolia::gateway::kamailio {

/// Of the parts that carry media.
struct MediaStatus {
  bool rtpengine_connected = false;
  bool voicemail_ready = false;
  std::int64_t messages = 0;
  std::int64_t message_bytes = 0;
};

/// What the gateway says about itself; `problem` is for a person, empty when there is none.
struct Status {
  std::optional<model::DirectoryInfo> directory;
  std::optional<snapshot::Revision> revision;
  std::optional<snapshot::Revision> live_revision;
  bool live = false;
  std::string problem;
  bool connected = false;
  std::optional<std::string> kamailio_version;
  std::int64_t registrations = 0;
  std::optional<std::int64_t> active_calls;
};

/// Where the parts leave the status for whoever asks. Any thread.
class StatusBoard {
 public:
  [[nodiscard]] Status get() const {
    const std::scoped_lock lock(mutex_);
    return status_;
  }
  void set(Status status) {
    const std::scoped_lock lock(mutex_);
    status_ = std::move(status);
  }
  [[nodiscard]] MediaStatus media() const {
    const std::scoped_lock lock(mutex_);
    return media_;
  }
  /// `change(MediaStatus&)`: each part sets what it knows.
  template <typename Change>
  void set_media(Change change) {
    const std::scoped_lock lock(mutex_);
    change(media_);
  }

 private:
  mutable std::mutex mutex_;
  Status status_;
  MediaStatus media_;
};

}  // namespace neolia::gateway::kamailio
