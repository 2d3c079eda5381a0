// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "gateway/kamailio/htables.hpp"

namespace neolia::gateway::kamailio {

/// What `sys` tells Kamailio about the parts beside it: `up` or `down`.
class Flags {
 public:
  explicit Flags(Rpc& rpc) : htables_(rpc) {}

  /// Any thread.
  void want(const std::string& name, bool up);

  /// Reads what Kamailio has, as a reload or a restart loses it, and writes what differs. One thread.
  void keep();

 private:
  using Values = std::map<std::string, std::string>;

  Values wanted() const;

  Htables htables_;
  mutable std::mutex mutex_;
  Values wanted_;  ///< guarded by mutex_
};

}  // namespace neolia::gateway::kamailio
