// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "gateway/media/recorder.hpp"
#include "gateway/state/messages.hpp"

namespace neolia::gateway::media {

/// The messages: rows and files, kept within an age and a size. One thread.
class MessageBox {
 public:
  struct Limits {
    std::chrono::days age{};
    std::int64_t bytes = 0;
  };
  struct Figures {
    std::int64_t messages = 0;
    std::int64_t bytes = 0;
  };
  /// Puts the event of a message into the event log; false when it could not.
  using Announce = std::function<bool(const state::Message&)>;

  MessageBox(state::Messages rows, std::string folder, Limits limits, Announce announce);

  /// Makes the folder, and brings rows and files together again: a file without a row and a row without a file go.
  [[nodiscard]] Outcome<void> open();

  /// Where a recorder writes for a new message.
  [[nodiscard]] std::string path_of(const model::Id& message_id) const { return folder_ + "/" + message_id; }
  [[nodiscard]] bool has_space() const;

  /// Takes the file of `recording`, which lies at path_of(); `message` without its size.
  [[nodiscard]] Outcome<void> add(state::Message message, const Recording& recording);

  /// Now, by the clock on the wall, which may be wrong, and by one that only goes on.
  struct Moment {
    std::chrono::system_clock::time_point wall = std::chrono::system_clock::now();
    std::chrono::steady_clock::time_point steady = std::chrono::steady_clock::now();
  };

  /// Announces what is not announced yet, and removes what is too much, the oldest first, and what has been too old for
  /// an hour: a wall clock that is set wrong and then right costs no message.
  void tidy(Moment now);

  [[nodiscard]] Figures figures() const;

 private:
  void remove(const state::Message& message);
  void announce();
  [[nodiscard]] bool believes_age(bool something_is_old, std::chrono::steady_clock::time_point now);

  state::Messages rows_;
  std::string folder_;
  Limits limits_;
  Announce announce_;
  std::optional<std::chrono::steady_clock::time_point> old_since_;
};

}  // namespace neolia::gateway::media
