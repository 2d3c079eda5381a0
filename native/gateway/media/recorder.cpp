// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/recorder.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <filesystem>

#include "gateway/log.hpp"
#include "gateway/media/free_ports.hpp"
#include "gateway/media/progress.hpp"

namespace neolia::gateway::media {
namespace {

namespace fs = std::filesystem;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kLook{20};
constexpr std::chrono::milliseconds kSignalPatience{150};
constexpr std::chrono::seconds kStopPatience{2};
constexpr std::chrono::seconds kJoinPatience{30};
constexpr std::int64_t kMaxFile = 64 << 20;
constexpr std::uintmax_t kEmptyFile = 800;  ///< a Matroska file without a packet is smaller
constexpr double kShortest = 1.0;

/// ffmpeg loses the time of the first picture: it gets that of the next.
constexpr const char* kKeepFirstTime =
    "setts=pts='if(gt(PTS\\,1000000000)\\,PTS\\,NEXT_PTS)':dts='if(gt(DTS\\,1000000000)\\,DTS\\,NEXT_DTS)'";

/// ffmpeg takes the first signal after a packet, which may not come any more, the second at once.
asio::awaitable<void> end_interrupted(Process& process) {
  const bool has_ended = co_await process.ended(kSignalPatience);
  if (!has_ended) {
    process.interrupt();
    co_await process.wait(kStopPatience);
  }
}

bool has_packets(const std::string& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return !error && size > kEmptyFile;
}

std::string as_seconds(Recorder::Moment moment) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch()).count();
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(milliseconds / 1000),
                static_cast<long long>(milliseconds % 1000));
  return text;
}

void append(std::vector<std::string>& words, std::initializer_list<const char*> more) {
  words.insert(words.end(), more.begin(), more.end());
}

}  // namespace

Recorder::Recorder(asio::any_io_executor executor, std::string ffmpeg, std::string path)
    : executor_(std::move(executor)), ffmpeg_(std::move(ffmpeg)), path_(std::move(path)) {}

Recorder::~Recorder() {
  audio_.reset();
  video_.reset();
  std::error_code ignored;
  for (const auto& file : {audio_file(), video_file()}) fs::remove(file, ignored);
}

Outcome<std::unique_ptr<Recorder>> Recorder::start(const asio::any_io_executor& executor, const std::string& ffmpeg,
                                                   const Offer& offer, const std::string& path) {
  std::unique_ptr<Recorder> recorder(new Recorder(executor, ffmpeg, path));
  const auto ports = find_free_ports(offer.is_ip6);
  if (!ports) return tl::unexpected(ports.error());
  recorder->ports_ = {ports->first, offer.video ? ports->second : std::uint16_t{0}};
  recorder->is_ip6_ = offer.is_ip6;
  auto audio = recorder->receive(describe_stream(offer.audio, "audio", offer.is_ip6, recorder->ports_.audio),
                                 recorder->audio_file());
  if (!audio) return tl::unexpected(audio.error());
  recorder->audio_.emplace(std::move(*audio));
  if (!offer.video) return recorder;
  auto video = recorder->receive(describe_stream(*offer.video, "video", offer.is_ip6, recorder->ports_.video),
                                 recorder->video_file());
  if (!video) return tl::unexpected(video.error());
  recorder->video_.emplace(std::move(*video));
  return recorder;
}

/// The time of arrival, because what doors write into RTP and RTCP need not fit together.
Outcome<Process> Recorder::receive(const std::string& description, const std::string& file) const {
  std::vector<std::string> words{ffmpeg_};
  append(words, {"-nostdin", "-v", "fatal", "-y", "-protocol_whitelist", "pipe,udp,rtp"});
  append(words, {"-localaddr", is_ip6_ ? "::1" : "127.0.0.1", "-use_wallclock_as_timestamps", "1"});
  append(words, {"-f", "sdp", "-i", "pipe:0", "-c", "copy", "-copyts", "-flush_packets", "1", "-f", "matroska",
                 "-cluster_time_limit", "100", "-bsf:v", kKeepFirstTime});
  words.push_back(file);
  return Process::start(executor_, {std::move(words), description, kMaxFile});
}

asio::awaitable<bool> Recorder::is_ready(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  asio::steady_timer timer(executor_);
  while (!is_bound(ports_.audio, is_ip6_) || (video_ && !is_bound(ports_.video, is_ip6_))) {
    if (!audio_->is_running() || std::chrono::steady_clock::now() > deadline) co_return false;
    timer.expires_after(kLook);
    co_await timer.async_wait(kAwait);
  }
  co_return true;
}

asio::awaitable<void> Recorder::stop_receiving() {
  audio_->interrupt();
  if (video_) video_->interrupt();
  co_await end_interrupted(*audio_);
  if (video_) co_await end_interrupted(*video_);
}

std::vector<std::string> Recorder::joining(Content content, Moment from, const std::string& file) const {
  std::vector<std::string> words{ffmpeg_};
  append(words, {"-nostdin", "-v", "error", "-y", "-progress", "pipe:1"});
  const auto read = [&](const std::string& input) {
    append(words, {"-seek_timestamp", "1", "-ss"});
    words.push_back(as_seconds(from));
    append(words, {"-f", "matroska", "-i"});
    words.push_back(input);
  };
  if (content != Content::audio) read(video_file());
  if (content != Content::video) read(audio_file());
  append(words, {"-c:v", "copy", "-c:a", "aac", "-b:a", "64k", "-af", "aresample=async=1000:first_pts=0"});
  append(words, {"-movflags", "+faststart", "-f", "mp4"});
  words.push_back(file);
  return words;
}

asio::awaitable<Outcome<Recording>> Recorder::join(Content content, Moment from) {
  const bool video = content != Content::audio;
  Recording recording{path_ + (video ? ".mp4" : ".m4a"), video ? "video/mp4" : "audio/mp4", 0, video};
  const std::string unfinished = path_ + ".joined";
  auto process = Process::start(executor_, {joining(content, from, unfinished), "", kMaxFile});
  if (!process) co_return tl::unexpected(process.error());
  const auto code = co_await process->wait(kJoinPatience);
  const auto said = process->said();
  std::error_code error;
  if (code == 0) fs::rename(unfinished, recording.file, error);
  if (code == 0 && !error) {
    recording.seconds = seconds_made(said);
    co_return recording;
  }
  fs::remove(unfinished, error);
  co_return failure("ffmpeg made no file of the recording: " + said);
}

asio::awaitable<Outcome<std::optional<Recording>>> Recorder::finish(Moment from) {
  co_await stop_receiving();
  const bool has_audio = has_packets(audio_file());
  const bool has_video = video_ && has_packets(video_file());
  if (!has_audio && !has_video) co_return std::nullopt;
  const auto content = has_audio && has_video ? Content::both : has_audio ? Content::audio : Content::video;
  auto recording = co_await join(content, from);
  if (!recording && content == Content::both) {
    log::warning("the video of a message is left out", {{"error", recording.error()}});
    recording = co_await join(Content::audio, from);
  }
  if (!recording) co_return tl::unexpected(recording.error());
  if (recording->seconds >= kShortest) co_return std::move(*recording);
  std::error_code ignored;
  fs::remove(recording->file, ignored);
  co_return std::nullopt;
}

}  // namespace neolia::gateway::media
