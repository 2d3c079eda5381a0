// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bindings/pybind.hpp"

#include <memory>
#include <mutex>
#include <utility>

#include "bindings/directory_error.hpp"
#include "store/directory.hpp"

namespace neolia::bindings {

/// What Python holds: a directory that several threads may call, and that can be closed under them.
class SharedDirectory {
 public:
  explicit SharedDirectory(std::unique_ptr<store::Directory> directory) : directory_(std::move(directory)) {}

  /// Runs `work(store::Directory&)` alone, without the GIL: it may touch C++ values only. The mutex is taken after the
  /// GIL was released and let go before it is taken again, so that no thread holds one while it waits for the other.
  /// Throws Refused (`closed`) after close(), and the error of a work that returns a result.
  template <typename Work>
  auto run(Work&& work) {
    const py::gil_scoped_release without_gil;
    const std::scoped_lock alone(mutex_);
    if (!directory_) throw Refused(closed_error());
    return unwrap_if_result(work(*directory_));
  }

  void close() {
    const py::gil_scoped_release without_gil;
    const std::scoped_lock alone(mutex_);
    directory_.reset();
  }

 private:
  template <typename Value>
  static Value unwrap_if_result(model::Result<Value> result) {
    return unwrap(std::move(result));
  }
  template <typename Value>
  static Value unwrap_if_result(Value value) {
    return value;
  }
  static model::Error closed_error() { return {model::ErrorCode::closed, "The directory is closed.", {}}; }

  std::mutex mutex_;
  std::unique_ptr<store::Directory> directory_;  ///< guarded by mutex_; empty once closed
};

}  // namespace neolia::bindings
