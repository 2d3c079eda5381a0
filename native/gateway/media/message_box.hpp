// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
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

  /// Announces what is not announced yet, and removes what is too old or too much, the oldest first.
  void tidy(std::chrono::system_clock::time_point now);

  [[nodiscard]] Figures figures() const;

 private:
  void remove(const state::Message& message);
  void announce();

  state::Messages rows_;
  std::string folder_;
  Limits limits_;
  Announce announce_;
};

}  // namespace neolia::gateway::media
