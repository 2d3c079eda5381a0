// SPDX-License-Identifier: Apache-2.0
#include "model/credentials.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

#include <openssl/evp.h>

#include "model/random.hpp"

namespace neolia::model {
namespace {

constexpr std::string_view kPasswordAlphabet = "23456789abcdefghijkmnpqrstuvwxyz";  // no 0 o 1 l
constexpr std::size_t kPasswordLetters = 26;                                        // of 5 bits: 130
static_assert(kPasswordAlphabet.size() == 32);

std::string to_hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string digest(const EVP_MD* algorithm, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, algorithm, nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot compute the digests of SIP credentials.");
  }
  return to_hex(std::span(bytes).first(size));
}

}  // namespace

std::string make_password() {
  std::string password;
  for (const std::uint8_t byte : random_bytes<kPasswordLetters>()) password += kPasswordAlphabet[byte & 31];
  return password;
}

Credentials make_credentials(std::string_view username, std::string_view realm, std::string_view password) {
  std::string text;
  text.append(username).append(":").append(realm).append(":").append(password);
  return {digest(EVP_md5(), text), digest(EVP_sha256(), text)};
}

}  // namespace neolia::model
