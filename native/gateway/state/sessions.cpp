// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/sessions.hpp"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/hex.hpp>
#include <chrono>
#include <stdexcept>

#include "gateway/state/database.hpp"
#include "gateway/state/session_names.hpp"
#include "model/credentials.hpp"
#include "model/id.hpp"

namespace neolia::gateway::state {
namespace {

constexpr std::string_view kTokenPurpose = "neolia-gateway sip proxy";
constexpr const char* kColumns = "username, account, expires, test";

std::int64_t now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
}

tl::unexpected<model::Error> refuse(model::ErrorCode code, const char* message) {
  return tl::unexpected(model::Error{code, message, {}});
}

tl::unexpected<model::Error> refuse_unknown() {
  return refuse(model::ErrorCode::not_found, "no session has this session_id");
}

/// One that knows the token cannot know the password, nor its digest form.
std::string make_token(const std::string& username, const std::string& ha1_sha256) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  if (::HMAC(EVP_sha256(), ha1_sha256.data(), static_cast<int>(ha1_sha256.size()),
             reinterpret_cast<const unsigned char*>(kTokenPurpose.data()), kTokenPurpose.size(), bytes.data(),
             &size) == nullptr) {
    throw std::runtime_error("OpenSSL cannot compute HMAC-SHA256.");
  }
  std::string token = username.substr(kSessionPrefix.size()) + ".";
  boost::algorithm::hex_lower(bytes.begin(), bytes.begin() + size, std::back_inserter(token));
  return token;
}

Session read_session(SQLite::Statement& row) {
  return {row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getInt64(),
          row.getColumn(3).getInt() != 0};
}

bool is_enabled(SQLite::Database& sip, const std::string& account) {
  SQLite::Statement query(sip, "SELECT 1 FROM subscriber WHERE username = ?");
  query.bind(1, account);
  return query.executeStep();
}

int count_living(SQLite::Database& sip, const std::string& account) {
  SQLite::Statement query(sip, "SELECT count(*) FROM session WHERE account = ? AND expires > ? AND test = 0");
  query.bind(1, account);
  query.bind(2, now());
  query.executeStep();
  return query.getColumn(0).getInt();
}

void insert(SQLite::Database& sip, const Session& session, const model::Credentials& credentials) {
  SQLite::Statement statement(
      sip, "INSERT INTO session (username, ha1, ha1_sha256, account, expires, test) VALUES (?, ?, ?, ?, ?, ?)");
  statement.bind(1, session.username);
  statement.bind(2, credentials.ha1_md5);
  statement.bind(3, credentials.ha1_sha256);
  statement.bind(4, session.account);
  statement.bind(5, session.expires);
  statement.bind(6, session.test ? 1 : 0);
  statement.exec();
}

/// The value of `body` on a connection of its own.
template <typename Body>
auto with_file(const std::string& path, Body body) {
  return guarded("sessions in " + path, [&] { return body(*open_present(path)); });
}

template <typename T>
model::Result<T> flatten(model::Result<model::Result<T>> nested) {
  return nested ? std::move(*nested) : tl::unexpected(nested.error());
}

}  // namespace

Sessions::Sessions(std::string sip_file) : sip_file_(std::move(sip_file)) {}

model::Result<NewSession> Sessions::create(const std::string& account, const std::string& realm, std::int64_t seconds,
                                           bool test) const {
  NewSession session;
  session.username = session_username_of(model::make_id());
  session.account = account;
  session.expires = now() + seconds;
  session.test = test;
  session.password = model::make_password();
  const auto credentials = model::make_credentials(session.username, realm, session.password);
  session.token = make_token(session.username, credentials.ha1_sha256);
  return flatten(with_file(sip_file_, [&](SQLite::Database& sip) -> model::Result<NewSession> {
    SQLite::Transaction transaction(sip, SQLite::TransactionBehavior::IMMEDIATE);
    if (!is_enabled(sip, account)) return refuse(model::ErrorCode::not_found, "the account is not enabled");
    if (!test && count_living(sip, account) >= kMaxOfAccount) {
      return refuse(model::ErrorCode::conflict, "the account has 8 sessions; end one of them first");
    }
    insert(sip, session, credentials);
    transaction.commit();
    return session;
  }));
}

model::Result<Session> Sessions::renew(const std::string& username, std::int64_t seconds) const {
  return flatten(with_file(sip_file_, [&](SQLite::Database& sip) -> model::Result<Session> {
    SQLite::Statement update(
        sip, "UPDATE session SET expires = ? WHERE username = ? AND expires > ? RETURNING " + std::string(kColumns));
    update.bind(1, now() + seconds);
    update.bind(2, username);
    update.bind(3, now());
    if (!update.executeStep()) return refuse_unknown();
    auto session = read_session(update);
    while (update.executeStep()) continue;
    return session;
  }));
}

model::Result<std::vector<Session>> Sessions::list(const std::string& account) const {
  return with_file(sip_file_, [&](SQLite::Database& sip) {
    std::vector<Session> sessions;
    SQLite::Statement query(sip, "SELECT " + std::string(kColumns) +
                                     " FROM session WHERE expires > ? AND ? IN ('', account) ORDER BY username");
    query.bind(1, now());
    query.bind(2, account);
    while (query.executeStep()) sessions.push_back(read_session(query));
    return sessions;
  });
}

model::Result<std::optional<Session>> Sessions::find_by_token(std::string_view token) const {
  return with_file(sip_file_, [&](SQLite::Database& sip) -> std::optional<Session> {
    SQLite::Statement query(
        sip, "SELECT " + std::string(kColumns) + ", ha1_sha256 FROM session WHERE username = ? AND expires > ?");
    query.bind(1, std::string(kSessionPrefix) + std::string(token.substr(0, token.find('.'))));
    query.bind(2, now());
    if (!query.executeStep()) return std::nullopt;
    auto session = read_session(query);
    const auto right = make_token(session.username, query.getColumn(4).getString());
    const bool same = right.size() == token.size() && CRYPTO_memcmp(right.data(), token.data(), right.size()) == 0;
    return same ? std::optional(std::move(session)) : std::nullopt;
  });
}

model::Result<void> Sessions::remove(const std::string& username) const {
  const auto removed = with_file(sip_file_, [&](SQLite::Database& sip) {
    SQLite::Statement statement(sip, "DELETE FROM session WHERE username = ?");
    statement.bind(1, username);
    return statement.exec();
  });
  if (!removed) return tl::unexpected(removed.error());
  return *removed > 0 ? model::Result<void>() : refuse_unknown();
}

model::Result<void> Sessions::expire() const {
  return with_file(sip_file_, [&](SQLite::Database& sip) {
    const auto condition = " FROM session WHERE expires <= " + std::to_string(now());
    // Looked up first: to write, it would wait for a snapshot that is being stored.
    if (sip.execAndGet("SELECT count(*)" + condition).getInt() > 0) sip.exec("DELETE" + condition);
  });
}

}  // namespace neolia::gateway::state
