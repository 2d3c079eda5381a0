// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "gateway/media/outcome.hpp"

namespace neolia::gateway::media {

namespace asio = boost::asio;

/// A program that runs beside the gateway and not longer than it: it is killed with this object, and by the system when
/// the thread that started it ends. It gets no file of ours but its input.
class Process {
 public:
  struct Command {
    std::vector<std::string> words;  ///< the first is looked for in PATH
    std::string input;               ///< its whole standard input
    std::int64_t max_file_bytes;     ///< the largest file that it may write, what it says included
  };

  [[nodiscard]] static Outcome<Process> start(const asio::any_io_executor& executor, const Command& command);

  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) = delete;
  ~Process();

  [[nodiscard]] int id() const { return id_; }
  [[nodiscard]] bool is_running();
  void interrupt() const;

  /// Whether it ends within `patience`.
  asio::awaitable<bool> ended(std::chrono::milliseconds patience);

  /// Waits for its end, and kills it when `patience` is over; the exit code, or empty when it was a signal.
  asio::awaitable<std::optional<int>> wait(std::chrono::milliseconds patience);

  /// What it wrote to standard output and error, at most the last 4 KiB.
  [[nodiscard]] std::string said() const;

 private:
  Process(asio::any_io_executor executor, int id, int output);

  void reap(bool block);

  asio::any_io_executor executor_;
  int id_ = -1;
  int output_ = -1;
  std::optional<int> status_;  ///< as from waitpid; known when it has ended
};

/// Whether the shell would find the program.
[[nodiscard]] bool is_program(const std::string& name);

}  // namespace neolia::gateway::media
