// SPDX-License-Identifier: Apache-2.0
#include "store/columns.hpp"

namespace neolia::store {
namespace {

using model::Account;
using model::OwnerType;

template <std::string model::Credentials::*kMember>
Column<Account> credential(const char* name) {
  return {name,
          [](SQLite::Statement& statement, int index, const Account& account) {
            statement.bindNoCopy(index, account.credentials.*kMember);
          },
          [](const SQLite::Column& value, Account& account) { account.credentials.*kMember = value.getString(); }};
}

}  // namespace

template <>
const Table<Account>& table<Account>() {
  static const Table<Account> kTable{
      "accounts",
      {column<&Account::id>("id"), owner_column<Account, OwnerType::unit>("unit_id"),
       owner_column<Account, OwnerType::building>("building_id"), owner_column<Account, OwnerType::site>("site_id"),
       column<&Account::kind>("kind"), column<&Account::username>("username"), column<&Account::name>("name"),
       column<&Account::enabled>("enabled"), credential<&model::Credentials::ha1_md5>("ha1_md5"),
       credential<&model::Credentials::ha1_sha256>("ha1_sha256")}};
  return kTable;
}

}  // namespace neolia::store
