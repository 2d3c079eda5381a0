// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/certificate_watch.hpp"

#include <filesystem>
#include <system_error>

#include "gateway/log.hpp"

namespace neolia::gateway::kamailio {

model::Result<CertificateWatch> CertificateWatch::on(const std::string& file, Rpc& rpc) {
  CertificateWatch made(rpc);
  if (file.empty()) return made;
  const std::filesystem::path path(file);
  const auto folder = path.has_parent_path() ? path.parent_path().string() : std::string(".");
  try {
    made.watch_ = std::make_unique<FileWatch>(folder, path.filename().string());
  } catch (const std::system_error& error) {
    return tl::unexpected(model::Error{model::ErrorCode::invalid, "sip_certificate " + file + ": " + error.what(), {}});
  }
  return made;
}

void CertificateWatch::tick() {
  if (watch_ == nullptr) return;
  changed_ = watch_->wait(std::chrono::milliseconds(0)) || changed_;
  if (!changed_) return;
  const auto reloaded = rpc_.call("tls.reload", model::Json::array());
  changed_ = !reloaded;
  const auto failure = reloaded ? std::string() : reloaded.error().message;
  if (reloaded) log::info("Kamailio reads its certificate again");
  if (!reloaded && failure != failure_) log::warning("Kamailio did not take its certificate", {{"why", failure}});
  failure_ = failure;
}

}  // namespace neolia::gateway::kamailio
