// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/message_box.hpp"

#include <date/date.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "gateway/log.hpp"

namespace neolia::gateway::media {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kUntilAgeIsBelieved{1};
constexpr std::uintmax_t kLeastSpace = 100U << 20U;  ///< of the disk; a message of 60 s takes up to about 20 MB

Outcome<void> make_private_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return failure(folder + " cannot be used: " + error.message());
  return {};
}

/// The row must not be there before the file is.
Outcome<void> make_durable(const std::string& file, const std::string& folder) {
  for (const auto& path : {file, folder}) {
    const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = opened >= 0 && ::fsync(opened) == 0;
    if (opened >= 0) ::close(opened);
    if (!done) return failure(path + " cannot be written");
  }
  return {};
}

}  // namespace

MessageBox::MessageBox(state::Messages rows, std::string folder, Limits limits, Announce announce)
    : rows_(std::move(rows)), folder_(std::move(folder)), limits_(limits), announce_(std::move(announce)) {}

Outcome<void> MessageBox::open() {
  if (auto made = make_private_folder(folder_); !made) return made;
  const auto messages = rows_.list();
  if (!messages) return failure(messages.error().message);
  std::set<std::string> known;
  std::error_code error;
  for (const auto& message : *messages) {
    known.insert(message.file_name());
    if (!fs::exists(folder_ + "/" + message.file_name(), error)) remove(message);
  }
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    if (known.contains(entry.path().filename())) continue;
    log::info("left over from an interrupted recording, removed", {{"file", entry.path().filename()}});
    std::error_code ignored;
    fs::remove(entry.path(), ignored);
  }
  return {};
}

bool MessageBox::has_space() const {
  std::error_code error;
  const auto space = fs::space(folder_, error);
  return !error && space.available >= kLeastSpace;
}

Outcome<void> MessageBox::add(state::Message message, const Recording& recording) {
  std::error_code error;
  message.size = static_cast<std::int64_t>(fs::file_size(recording.file, error));
  ::chmod(recording.file.c_str(), S_IRUSR | S_IWUSR);
  auto done = error ? failure(error.message()) : make_durable(recording.file, folder_);
  if (done) {
    if (const auto added = rows_.add(message); !added) done = failure(added.error().message);
  }
  if (!done) fs::remove(recording.file, error);
  return done;
}

void MessageBox::remove(const state::Message& message) {
  if (const auto removed = rows_.remove(message.message_id); !removed) {
    return log::warning("a message stays", {{"error", removed.error().message}});
  }
  std::error_code ignored;
  fs::remove(folder_ + "/" + message.file_name(), ignored);
}

void MessageBox::announce() {
  const auto messages = rows_.unannounced();
  if (!messages) return log::warning("messages cannot be read", {{"error", messages.error().message}});
  for (const auto& message : *messages) {
    if (!announce_(message)) return;
    if (const auto noted = rows_.announced(message.message_id); !noted) return;
  }
}

void MessageBox::tidy(Moment now) {
  announce();
  const auto messages = rows_.list();
  if (!messages) return log::warning("messages cannot be read", {{"error", messages.error().message}});
  const auto oldest = date::format("%FT%TZ", std::chrono::floor<std::chrono::milliseconds>(now.wall - limits_.age));
  const auto is_old = [&](const state::Message& message) { return message.at < oldest; };
  const bool old_ones_go = believes_age(std::ranges::any_of(*messages, is_old), now.steady);
  std::int64_t bytes = 0;
  for (const auto& message : *messages) {
    bytes += message.size;
    if (bytes <= limits_.bytes && !(old_ones_go && is_old(message))) continue;
    log::info("message removed by its limit", {{"message_id", message.message_id}});
    remove(message);
  }
}

bool MessageBox::believes_age(bool something_is_old, std::chrono::steady_clock::time_point now) {
  if (!something_is_old) {
    old_since_.reset();
  } else if (!old_since_) {
    old_since_ = now;
  }
  return old_since_ && now - *old_since_ >= kUntilAgeIsBelieved;
}

MessageBox::Figures MessageBox::figures() const {
  Figures figures;
  const auto messages = rows_.list();
  if (!messages) return figures;
  for (const auto& message : *messages) {
    ++figures.messages;
    figures.bytes += message.size;
  }
  return figures;
}

}  // namespace neolia::gateway::media
