// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace neolia::gateway::kamailio {

/// Tells when somebody writes one file, which need not be there yet. One thread waits; any thread wakes it.
class FileWatch {
 public:
  /// Watches `<folder>/<name>`. Throws std::system_error.
  FileWatch(const std::string& folder, std::string name);
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;
  ~FileWatch();

  /// Returns true when the file was written or wake() was called, false when the time is over.
  bool wait(std::chrono::milliseconds time);

  void wake();

 private:
  bool read_changes();

  std::string name_;
  int changes_ = -1;
  int wakes_ = -1;
};

}  // namespace neolia::gateway::kamailio
