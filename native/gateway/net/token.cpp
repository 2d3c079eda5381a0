// SPDX-License-Identifier: Apache-2.0
#include "gateway/net/token.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <boost/beast/core/string.hpp>
#include <stdexcept>

namespace neolia::gateway::net {

Token::Token(std::string_view token) : hash_(hash(token)) {}

bool Token::matches(std::string_view authorization) const {
  static constexpr std::string_view kScheme = "Bearer ";
  const auto scheme = authorization.substr(0, kScheme.size());
  if (!boost::beast::iequals({scheme.data(), scheme.size()}, {kScheme.data(), kScheme.size()})) return false;
  const Hash given = hash(authorization.substr(kScheme.size()));
  return CRYPTO_memcmp(given.data(), hash_.data(), hash_.size()) == 0;
}

Token::Hash Token::hash(std::string_view text) {
  Hash hash{};
  if (EVP_Digest(text.data(), text.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available");
  }
  return hash;
}

}  // namespace neolia::gateway::net
