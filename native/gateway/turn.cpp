// SPDX-License-Identifier: Apache-2.0
#include "gateway/turn.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace neolia::gateway {
namespace {

std::string hmac_sha1_base64(const std::string& key, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (::HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
             text.size(), digest.data(), &size) == nullptr) {
    throw std::runtime_error("OpenSSL cannot compute HMAC-SHA1.");
  }
  std::array<unsigned char, 4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1> base64{};
  const int length = ::EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return {base64.begin(), base64.begin() + length};
}

}  // namespace

model::Result<Turn> Turn::from(const Settings& settings) {
  if (settings.turn_urls.empty()) return Turn({}, {});
  const auto secret = read_secret("turn_secret_file", settings.turn_secret_file);
  if (!secret) return tl::unexpected(secret.error());
  std::istringstream urls(settings.turn_urls);
  return Turn({std::istream_iterator<std::string>(urls), {}}, *secret);
}

std::optional<TurnCredentials> Turn::make(const std::string& account, std::int64_t expires) const {
  if (urls_.empty()) return std::nullopt;
  const std::string username = std::to_string(expires) + ":" + account;
  return TurnCredentials{urls_, username, hmac_sha1_base64(secret_, username), expires};
}

}  // namespace neolia::gateway
