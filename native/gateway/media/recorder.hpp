// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "gateway/media/process.hpp"
#include "gateway/media/sdp.hpp"

namespace neolia::gateway::media {

/// A recording that can be played.
struct Recording {
  std::string file;
  std::string media_type;
  double seconds = 0;
  bool video = false;
};

/// Receives the streams of one call by `ffmpeg`, one process for each, so that a stream which never comes takes none of
/// the other with it. What they write as it came, with the time of arrival, becomes one file in the end.
class Recorder {
 public:
  using Moment = std::chrono::system_clock::time_point;

  /// Files are `<path>.*`; those in progress go with this object.
  [[nodiscard]] static Outcome<std::unique_ptr<Recorder>> start(const asio::any_io_executor& executor,
                                                                const std::string& ffmpeg, const Offer& offer,
                                                                const std::string& path);

  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder();

  [[nodiscard]] const Ports& ports() const { return ports_; }

  /// Whether everything sent to the ports is taken, within `patience`.
  asio::awaitable<bool> is_ready(std::chrono::milliseconds patience);

  /// Whether sound is still taken.
  [[nodiscard]] bool is_receiving() { return audio_->is_running(); }

  /// Ends the reception and makes the file of what came since `from`. Empty when less than a second did.
  asio::awaitable<Outcome<std::optional<Recording>>> finish(Moment from);

 private:
  enum class Content { both, audio, video };

  Recorder(asio::any_io_executor executor, std::string ffmpeg, std::string path);

  Outcome<Process> receive(const std::string& description, const std::string& file) const;
  [[nodiscard]] std::string audio_file() const { return path_ + ".audio.mkv"; }
  [[nodiscard]] std::string video_file() const { return path_ + ".video.mkv"; }
  asio::awaitable<void> stop_receiving();
  std::vector<std::string> joining(Content content, Moment from, const std::string& file) const;
  asio::awaitable<Outcome<Recording>> join(Content content, Moment from);

  asio::any_io_executor executor_;
  std::string ffmpeg_;
  std::string path_;
  Ports ports_;
  bool is_ip6_ = false;
  std::optional<Process> audio_;
  std::optional<Process> video_;
};

}  // namespace neolia::gateway::media
