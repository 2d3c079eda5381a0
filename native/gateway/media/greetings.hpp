// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>

#include "gateway/media/outcome.hpp"
#include "model/id.hpp"

namespace neolia::gateway::media {

namespace asio = boost::asio;

/// What a visitor hears before the beep: a unit's own greeting, else that of all units, else a shipped one. Each file
/// ends with the beep. RTPEngine reads them, so they are open to all users of this machine.
class Greetings {
 public:
  struct Options {
    std::string folder;   ///< uploaded ones
    std::string shipped;  ///< folder with `<language>.wav`
    std::string language;
    std::string ffmpeg;
  };

  explicit Greetings(Options options) : options_(std::move(options)) {}

  [[nodiscard]] Outcome<void> open();

  [[nodiscard]] std::string file_for(const model::Id& unit_id) const;

  /// Takes a WAV file, of at most 60 s; returns its seconds. An empty `unit_id` means all units. The error is for the
  /// person who sent it.
  asio::awaitable<Outcome<double>> set(asio::any_io_executor executor, model::Id unit_id, std::string wav) const;
  [[nodiscard]] Outcome<void> reset(const model::Id& unit_id) const;

  static constexpr std::size_t kMaxBytes = 5'000'000;

 private:
  [[nodiscard]] std::string own_file(const model::Id& unit_id) const;

  Options options_;
};

}  // namespace neolia::gateway::media
