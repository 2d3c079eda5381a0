// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/file_watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace neolia::gateway::kamailio {

using std::chrono::steady_clock;

FileWatch::FileWatch(const std::string& folder, std::string name)
    : name_(std::move(name)),
      changes_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      wakes_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (changes_ >= 0 && wakes_ >= 0 &&
      ::inotify_add_watch(changes_, folder.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO) >= 0) {
    return;
  }
  const std::system_error error(errno, std::generic_category(), "cannot watch " + folder);
  ::close(changes_);
  ::close(wakes_);
  throw error;
}

FileWatch::~FileWatch() {
  ::close(changes_);
  ::close(wakes_);
}

bool FileWatch::wait(std::chrono::milliseconds time) {
  const auto end = steady_clock::now() + time;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now()).count();
    if (left < 0) return false;
    std::array<pollfd, 2> polls{{{changes_, POLLIN, 0}, {wakes_, POLLIN, 0}}};
    if (::poll(polls.data(), polls.size(), static_cast<int>(left)) <= 0) return false;
    std::uint64_t count = 0;
    if (::read(wakes_, &count, sizeof count) > 0 || read_changes()) return true;
  }
}

void FileWatch::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wakes_, &one, sizeof one);
}

bool FileWatch::read_changes() {
  alignas(inotify_event) std::array<char, 16384> buffer{};
  bool ours = false;
  for (;;) {
    const auto size = ::read(changes_, buffer.data(), buffer.size());
    if (size <= 0) return ours;
    for (const char* next = buffer.data(); next < buffer.data() + size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(next);
      ours = ours || (event->mask & IN_Q_OVERFLOW) != 0 || (event->len > 0 && name_ == event->name);
      next += sizeof(inotify_event) + event->len;
    }
  }
}

}  // namespace neolia::gateway::kamailio
