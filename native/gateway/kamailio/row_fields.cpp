// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/row_fields.hpp"

#include <algorithm>
#include <boost/algorithm/hex.hpp>
#include <cctype>
#include <iterator>

#include "gateway/state/session_names.hpp"

namespace neolia::gateway::kamailio {

using model::Json;

std::string text_of(const Json& row, const char* field) {
  const auto found = row.find(field);
  if (found == row.end() || !found->is_string()) throw Malformed{std::string(field) + " must be a text"};
  return found->get<std::string>();
}

std::int64_t number_of(const Json& row, const char* field) {
  const auto found = row.find(field);
  if (found == row.end() || !found->is_number_integer()) {
    throw Malformed{std::string(field) + " must be a whole number"};
  }
  return found->get<std::int64_t>();
}

Json id_or_null(const model::Id& id) { return id.empty() ? Json(nullptr) : Json(id); }

Json text_or_null(const Json& row, const char* field) {
  return row.contains(field) ? Json(text_of(row, field)) : Json();
}

Json number_or_null(const Json& row, const char* field) {
  return row.contains(field) ? Json(number_of(row, field)) : Json();
}

Json decoded_or_null(const Json& row, const char* field) {
  if (!row.contains(field)) return nullptr;
  std::string bytes;
  try {
    boost::algorithm::unhex(text_of(row, field), std::back_inserter(bytes));
  } catch (const boost::algorithm::hex_decode_error&) {
    throw Malformed{std::string(field) + " must be hex"};
  }
  return bytes;
}

std::string word_of(const Json& row, const char* field, std::string_view also) {
  auto word = text_of(row, field);
  const auto allowed = [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || also.find(c) != std::string_view::npos;
  };
  if (word.empty() || word.size() > 64 || !std::all_of(word.begin(), word.end(), allowed)) {
    throw Malformed{std::string(field) + " must be 1 to 64 letters, digits or any of " + std::string(also)};
  }
  return word;
}

std::string session_of(const Json& row) {
  if (!row.contains("session")) return {};
  auto session = text_of(row, "session");
  if (!session.empty() && state::session_id_of(session).empty()) throw Malformed{"session must be one's username"};
  return session;
}

std::int64_t time_of(const Json& row) {
  const auto at = number_of(row, "at");
  constexpr std::int64_t kYear3000 = 32503680000000000;
  if (at < 0 || at > kYear3000) throw Malformed{"at is out of range"};
  return at;
}

}  // namespace neolia::gateway::kamailio
