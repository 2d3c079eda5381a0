// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/greetings.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "gateway/log.hpp"
#include "gateway/media/process.hpp"
#include "gateway/media/progress.hpp"

namespace neolia::gateway::media {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{15};
constexpr double kLongest = 60;
constexpr double kBeep = 0.4;
constexpr double kTolerance = 0.1;
constexpr std::int64_t kMaxFile = 4 << 20;
constexpr mode_t kForAll = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;

bool is_wav(const std::string& bytes) {
  return bytes.size() > 44 && bytes.compare(0, 4, "RIFF") == 0 && bytes.compare(8, 4, "WAVE") == 0;
}

/// Reads nothing but PCM in a WAV file; what is longer than allowed is cut just after, where it shows.
std::vector<std::string> converting(const std::string& ffmpeg, const std::string& file) {
  return {ffmpeg,
          "-nostdin",
          "-v",
          "error",
          "-y",
          "-progress",
          "pipe:1",
          "-protocol_whitelist",
          "pipe",
          "-codec_whitelist",
          "pcm_s16le,pcm_u8,pcm_s24le,pcm_s32le,pcm_f32le,pcm_alaw,pcm_mulaw",
          "-f",
          "wav",
          "-t",
          "61",
          "-i",
          "pipe:0",
          "-f",
          "lavfi",
          "-i",
          "sine=frequency=1000:sample_rate=8000:duration=0.4",
          "-filter_complex",
          "[0:a:0]aformat=sample_fmts=s16:sample_rates=8000:channel_layouts=mono[voice];"
          "[1:a]aformat=sample_fmts=s16:sample_rates=8000:channel_layouts=mono[beep];[voice][beep]concat=n=2:v=0:a=1",
          "-c:a",
          "pcm_s16le",
          "-f",
          "wav",
          file};
}

}  // namespace

Outcome<void> Greetings::open() {
  std::error_code error;
  fs::create_directories(options_.folder, error);
  if (error) return failure(options_.folder + " cannot be made: " + error.message());
  ::chmod(options_.folder.c_str(), kForAll | S_IXUSR | S_IXGRP | S_IXOTH);
  return {};
}

std::string Greetings::own_file(const model::Id& unit_id) const {
  return options_.folder + "/" + (unit_id.empty() ? "all" : unit_id) + ".wav";
}

std::string Greetings::file_for(const model::Id& unit_id) const {
  std::error_code error;
  for (const auto& file : {own_file(unit_id), own_file({})}) {
    if (fs::exists(file, error)) return file;
  }
  return options_.shipped + "/" + options_.language + ".wav";
}

asio::awaitable<Outcome<double>> Greetings::set(asio::any_io_executor executor, model::Id unit_id,
                                                std::string wav) const {
  if (wav.size() > kMaxBytes) co_return failure("the greeting is larger than 5 MB");
  if (!is_wav(wav)) co_return failure("the greeting is not a WAV file");
  const std::string unfinished = options_.folder + "/" + model::make_id() + ".part";
  auto process = Process::start(executor, {converting(options_.ffmpeg, unfinished), std::move(wav), kMaxFile});
  if (!process) co_return tl::unexpected(process.error());
  const auto code = co_await process->wait(kPatience);
  const double seconds = seconds_made(process->said()) - kBeep;
  std::error_code error;
  if (code == 0 && seconds > 0 && seconds <= kLongest + kTolerance) {
    ::chmod(unfinished.c_str(), kForAll);
    fs::rename(unfinished, own_file(unit_id), error);
    if (!error) co_return seconds;
  }
  log::warning("greeting refused", {{"ffmpeg", process->said()}});
  fs::remove(unfinished, error);
  co_return failure(seconds > kLongest ? "the greeting is longer than 60 s"
                                       : "the greeting is no WAV file with PCM sound");
}

Outcome<void> Greetings::reset(const model::Id& unit_id) const {
  std::error_code error;
  fs::remove(own_file(unit_id), error);
  if (error) return failure(own_file(unit_id) + " cannot be removed: " + error.message());
  return {};
}

}  // namespace neolia::gateway::media
