// SPDX-License-Identifier: Apache-2.0
#include "gateway/net/tls.hpp"

namespace neolia::gateway::net {

namespace ssl = boost::asio::ssl;

model::Result<ssl::context> make_tls_context(const std::string& certificate, const std::string& key) {
  ssl::context context(ssl::context::tls_server);
  context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                      ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  boost::system::error_code error;
  const auto refuse = [&](const char* setting, const std::string& file) {
    const std::string text = std::string(setting) + " " + file + " is not usable: " + error.message();
    return tl::unexpected(model::Error{model::ErrorCode::invalid, text, {}});
  };
  if (context.use_certificate_chain_file(certificate, error)) return refuse("tls_certificate", certificate);
  if (context.use_private_key_file(key, ssl::context::pem, error)) return refuse("tls_key", key);
  return context;
}

}  // namespace neolia::gateway::net
