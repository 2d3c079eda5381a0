// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/Database.h>

#include <functional>

#include "model/rows.hpp"
#include "store/estate.hpp"
#include "store/migrations.hpp"

namespace neolia::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class File : public DirectoryTest {
 protected:
  /// Runs SQL on the closed file.
  void edit(const char* sql) const {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    database.exec(sql);
  }
};

TEST_F(File, IsOneFileWhenClosed) {
  directory.reset();
  EXPECT_THAT(folder.names(), ElementsAre("directory.sqlite"));
}

TEST_F(File, HasOneOwner) {
  const auto second = Directory::open(file);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, model::ErrorCode::conflict);
  EXPECT_THAT(second.error().message, HasSubstr(file.string()));
  must(update("unit", unit, {{"name", "still works"}}));
  directory.reset();
  EXPECT_TRUE(Directory::open(file));
}

TEST_F(File, IsNotReplacedByANewOne) {
  directory.reset();
  const std::string before = bytes_of(file);
  const auto made = Directory::create(file, "Other", "other.example");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, model::ErrorCode::conflict);
  EXPECT_EQ(bytes_of(file), before);
}

TEST_F(File, IsMadeWithANameAndARealm) {
  const auto made = Directory::create(folder / "second.sqlite", "", "not a host");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, model::ErrorCode::invalid);
  EXPECT_THAT(fields_of(made.error()), testing::AllOf(HasSubstr(" name"), HasSubstr(" realm")));
  EXPECT_FALSE(fs::exists(folder / "second.sqlite"));
}

TEST_F(File, IsMissing) {
  const auto opened = Directory::open(folder / "nothing.sqlite");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, model::ErrorCode::not_found);
  EXPECT_FALSE(fs::exists(folder / "nothing.sqlite"));
}

TEST_F(File, IsMissedWhenDeletedWhileOpen) {
  const model::Objects before = objects();
  fs::rename(file, folder / "elsewhere.sqlite");
  const auto refused = apply({update("unit", unit, {{"name", "lost"}})});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, model::ErrorCode::storage);
  EXPECT_THAT(refused.error().message, HasSubstr("deleted, moved or replaced"));
  EXPECT_EQ(objects(), before);
  EXPECT_FALSE(directory->record_events("s", {{1, {{"type", "t"}, {"call_id", "c"}, {"at", "a"}}}}));
  EXPECT_FALSE(fs::exists(file)) << "a new file was made where nobody looks for it";
  fs::rename(folder / "elsewhere.sqlite", file);
  must(update("unit", unit, {{"name", "found"}}));
}

TEST_F(File, IsFilledAgainAfterALostLockFile) {
  fs::remove(folder / "directory.sqlite-lock");
  must(update("unit", unit, {{"name", "works"}}));
}

/// Ways to spoil the file, and what opening says then.
struct Row {
  const char* name;
  std::function<void(const fs::path& file)> spoil;
  model::ErrorCode code;
  const char* message;
};

void run_sql(const fs::path& file, const char* sql) {
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec(sql);
}

const std::vector<Row> kSpoilt{
    {"Empty", [](auto& file) { write_bytes(file, ""); }, model::ErrorCode::corrupt, "not made by"},
    {"Text", [](auto& file) { write_bytes(file, std::string(5000, 'x')); }, model::ErrorCode::corrupt,
     "not a database"},
    {"AnotherProgram",
     [](auto& file) {
       fs::remove(file);
       SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t (x)");
     },
     model::ErrorCode::corrupt, "not made by"},
    {"Garbage",
     [](auto& file) {
       std::string bytes = bytes_of(file);
       bytes.replace(8192, 16384, std::string(16384, '\x5a'));
       write_bytes(file, bytes);
     },
     model::ErrorCode::corrupt, "damaged"},
    {"Truncated", [](auto& file) { fs::resize_file(file, fs::file_size(file) / 8192 * 4096); },
     model::ErrorCode::corrupt, "damaged"},
    {"UnknownWord", [](auto& file) { run_sql(file, "UPDATE accounts SET kind = 'robot'"); }, model::ErrorCode::corrupt,
     "kind"},
    {"BadJson", [](auto& file) { run_sql(file, "UPDATE rules SET target = '{'"); }, model::ErrorCode::corrupt,
     "target"},
    {"BadField", [](auto& file) { run_sql(file, "UPDATE rules SET schedule = '{\"windows\": 1}'"); },
     model::ErrorCode::corrupt, "schedule"},
    {"Dangling", [](auto& file) { run_sql(file, "DELETE FROM buildings"); }, model::ErrorCode::corrupt,
     "refers to nothing"},
    {"NoDirectory", [](auto& file) { run_sql(file, "DELETE FROM directory"); }, model::ErrorCode::corrupt,
     "no directory"},
    {"Newer", [](auto& file) { run_sql(file, "PRAGMA user_version = 99"); }, model::ErrorCode::too_new, "schema 99"},
};

class Spoilt : public DirectoryTest, public testing::WithParamInterface<Row> {};

TEST_P(Spoilt, IsRefusedAndLeftAsItIs) {
  directory.reset();
  GetParam().spoil(file);
  const std::string before = bytes_of(file);
  const auto opened = Directory::open(file);
  ASSERT_FALSE(opened);
  EXPECT_EQ(to_string(opened.error().code), std::string(to_string(GetParam().code))) << opened.error().message;
  EXPECT_THAT(opened.error().message, HasSubstr(GetParam().message));
  EXPECT_THAT(opened.error().message, HasSubstr(file.string()));
  EXPECT_EQ(bytes_of(file), before);
  EXPECT_THAT(folder.names(), ElementsAre("directory.sqlite"));
}

INSTANTIATE_TEST_SUITE_P(Rows, Spoilt, testing::ValuesIn(kSpoilt), row_name);

TEST_F(File, KeepsAWalThatItRefuses) {
  // A newer version crashed: its schema number is in the WAL only.
  directory.reset();
  fs::path copy = folder / "copy.sqlite";
  {
    SQLite::Database newer(file.string(), SQLite::OPEN_READWRITE);
    newer.exec("PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99");
    fs::copy(file, copy);
    fs::copy(folder / "directory.sqlite-wal", folder / "copy.sqlite-wal");
  }
  const std::string main_before = bytes_of(copy);
  const std::string wal_before = bytes_of(folder / "copy.sqlite-wal");
  const auto opened = Directory::open(copy);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, model::ErrorCode::too_new);
  EXPECT_EQ(bytes_of(copy), main_before);
  EXPECT_EQ(bytes_of(folder / "copy.sqlite-wal"), wal_before);
}

TEST(Migrations, AreNumberedWithoutGapsAndDescribed) {
  int expected = 0;
  for (const Migration& migration : migrations()) {
    EXPECT_EQ(migration.number, ++expected);
    EXPECT_STRNE(migration.description, "");
  }
  EXPECT_EQ(newest_schema(), expected);
}

TEST_F(File, IsBroughtUpToDateFromEverySchema) {
  for (const Migration& oldest : migrations()) {
    const fs::path old = folder / "old.sqlite";
    fs::remove(old);
    {
      SQLite::Database database(old.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
      for (int number = 0; number < oldest.number; ++number)
        database.exec(migrations()[static_cast<std::size_t>(number)].sql);
      database.exec("INSERT INTO directory VALUES (1, '01ARZ3NDEKTSV4RRFFQ69G5FAV', 'Old', 'old.example', 7)");
      database.exec("PRAGMA user_version = " + std::to_string(oldest.number));
    }
    auto opened = Directory::open(old);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ((*opened)->info().name, "Old");
    EXPECT_EQ((*opened)->revision(), 7);
    const auto change = create("site", {{"name", "S"}, {"time_zone", "UTC"}, {"domain", "s.example"}});
    EXPECT_TRUE((*opened)->apply({change}, "tests"));
    EXPECT_TRUE((*opened)->list_audit(1, {}));
  }
}

}  // namespace
}  // namespace neolia::store
