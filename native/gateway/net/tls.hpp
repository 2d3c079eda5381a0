// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "model/error.hpp"

namespace neolia::gateway::net {

/// A server context for TLS 1.2 and later from PEM files.
[[nodiscard]] model::Result<boost::asio::ssl::context> make_tls_context(const std::string& certificate,
                                                                        const std::string& key);

}  // namespace neolia::gateway::net
