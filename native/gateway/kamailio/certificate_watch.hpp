// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "gateway/kamailio/file_watch.hpp"
#include "gateway/kamailio/rpc.hpp"
#include "model/error.hpp"

namespace neolia::gateway::kamailio {

/// Has Kamailio read its certificate again when the file changes. One thread; blocks for Kamailio.
class CertificateWatch {
 public:
  /// Watches nothing when `file` is empty. The error says why its folder cannot be watched.
  [[nodiscard]] static model::Result<CertificateWatch> on(const std::string& file, Rpc& rpc);

  /// Once a second. A refusal (the new key is not there yet) is tried again until Kamailio takes it.
  void tick();

 private:
  explicit CertificateWatch(Rpc& rpc) : rpc_(rpc) {}

  Rpc& rpc_;
  std::unique_ptr<FileWatch> watch_;
  bool changed_ = false;
  std::string failure_;
};

}  // namespace neolia::gateway::kamailio
