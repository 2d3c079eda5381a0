// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/process.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>
#include <utility>

namespace neolia::gateway::media {
namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxSaid = 4096;
constexpr int kFirstOther = 3;
constexpr std::chrono::milliseconds kLook{10};

/// A descriptor that is closed in the end.
struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  int release() { return std::exchange(number, -1); }

  int number;
};

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::lseek(file, 0, SEEK_SET) == 0;
}

/// In the child, between fork and exec: nothing that takes a lock.
[[noreturn]] void become(char* const* words, int input, int output, std::int64_t max_file_bytes, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  const rlimit size{static_cast<rlim_t>(max_file_bytes), static_cast<rlim_t>(max_file_bytes)};
  ::setrlimit(RLIMIT_FSIZE, &size);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::syscall(SYS_close_range, kFirstOther, ~0U, 0U);
  ::execvp(words[0], words);
  ::_exit(127);
}

std::string reason() { return std::strerror(errno); }

}  // namespace

Outcome<Process> Process::start(const asio::any_io_executor& executor, const Command& command) {
  Descriptor input(::memfd_create("input", MFD_CLOEXEC));
  Descriptor output(::memfd_create("output", MFD_CLOEXEC));
  if (input.number < 0 || output.number < 0 || !write_all(input.number, command.input)) {
    return failure("no memory file: " + reason());
  }
  std::vector<char*> words;
  for (const auto& word : command.words) words.push_back(const_cast<char*>(word.c_str()));  // execvp changes nothing
  words.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t id = ::fork();
  if (id == 0) become(words.data(), input.number, output.number, command.max_file_bytes, parent);
  if (id < 0) return failure(command.words[0] + " cannot be started: " + reason());
  return Process(executor, id, output.release());
}

Process::Process(asio::any_io_executor executor, int id, int output)
    : executor_(std::move(executor)), id_(id), output_(output) {}

Process::Process(Process&& other) noexcept
    : executor_(other.executor_),
      id_(std::exchange(other.id_, -1)),
      output_(std::exchange(other.output_, -1)),
      status_(other.status_) {}

Process::~Process() {
  if (id_ < 0) return;
  if (!status_) {
    ::kill(id_, SIGKILL);
    reap(true);
  }
  ::close(output_);
}

void Process::reap(bool block) {
  int status = 0;
  if (!status_ && ::waitpid(id_, &status, block ? 0 : WNOHANG) == id_) status_ = status;
}

bool Process::is_running() {
  reap(false);
  return !status_;
}

void Process::interrupt() const {
  if (!status_) ::kill(id_, SIGINT);
}

asio::awaitable<bool> Process::ended(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  asio::steady_timer timer(executor_);
  while (is_running() && std::chrono::steady_clock::now() < deadline) {
    timer.expires_after(kLook);
    co_await timer.async_wait(kAwait);
  }
  co_return !is_running();
}

asio::awaitable<std::optional<int>> Process::wait(std::chrono::milliseconds patience) {
  const bool has_ended = co_await ended(patience);
  if (!has_ended) {
    ::kill(id_, SIGKILL);
    reap(true);
  }
  co_return WIFEXITED(*status_) ? std::optional(WEXITSTATUS(*status_)) : std::nullopt;
}

std::string Process::said() const {
  const auto size = ::lseek(output_, 0, SEEK_END);
  if (size <= 0) return "";
  const auto length = std::min(static_cast<std::size_t>(size), kMaxSaid);
  std::string text(length, '\0');
  const auto read = ::pread(output_, text.data(), length, size - static_cast<off_t>(length));
  text.resize(read < 0 ? 0 : static_cast<std::size_t>(read));
  return text;
}

bool is_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((folder + "/" + name).c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace neolia::gateway::media
