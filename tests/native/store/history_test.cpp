// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/Database.h>

#include "store/estate.hpp"

namespace neolia::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class History : public DirectoryTest {
 protected:
  ChangeSet since(Revision base) {
    auto changes = directory->changes_since(base);
    EXPECT_TRUE(changes && changes->has_value());
    return changes && *changes ? **changes : ChangeSet();
  }
};

TEST_F(History, TellsWhatWasAddedUpdatedAndRemoved) {
  const Revision base = directory->revision();
  const Id other = must(create("unit", {{"building_id", building}, {"number", "402"}}));
  must(update("unit", unit, {{"name", "x"}}));
  must(remove("account", gate));
  const ChangeSet set = since(base);
  EXPECT_EQ(set.revision, base + 3);
  EXPECT_THAT(set.added.units, ElementsAre(other));
  EXPECT_THAT(set.updated.units, ElementsAre(unit));
  EXPECT_THAT(set.removed.accounts, ElementsAre(gate));
}

TEST_F(History, JoinsTheChangesOfOneObject) {
  const Revision base = directory->revision();
  const Id passing = must(create("unit", {{"building_id", building}, {"number", "402"}}));
  const Id staying = must(create("unit", {{"building_id", building}, {"number", "403"}}));
  must(update("unit", staying, {{"name", "x"}}));
  must(remove("unit", passing));
  must(update("unit", unit, {{"name", "x"}}));
  must(remove("unit", unit));
  const ChangeSet set = since(base);
  EXPECT_THAT(set.added.units, ElementsAre(staying));
  EXPECT_THAT(set.updated.units, IsEmpty());
  EXPECT_THAT(set.removed.units, ElementsAre(unit));
  EXPECT_THAT(set.removed.accounts, ElementsAre(hall));
}

TEST_F(History, IsEmptySinceThePresent) {
  ChangeSet nothing;
  nothing.revision = directory->revision();
  EXPECT_EQ(since(directory->revision()), nothing);
}

TEST_F(History, DoesNotReachAhead) {
  EXPECT_EQ(*directory->changes_since(directory->revision() + 1), std::nullopt);
  EXPECT_EQ(*directory->changes_since(-1), std::nullopt);
}

TEST_F(History, ReachesBackAsFarAsItSays) {
  directory.reset();
  const std::string later = std::to_string(kKeptRevisions + 3);
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec("UPDATE directory SET revision = " + later);
  reopen();
  must(update("unit", unit, {{"name", "x"}}));
  const Revision present = directory->revision();
  EXPECT_EQ(*directory->changes_since(present - kKeptRevisions - 1), std::nullopt);
  EXPECT_THAT(since(present - kKeptRevisions).added.accounts, ElementsAre(hall)) << "of revision 5";
  EXPECT_THAT(since(present - kKeptRevisions).added.units, IsEmpty()) << "of revision 3";
}

TEST_F(History, NamesWhoDidWhatToWhat) {
  ASSERT_TRUE(directory->apply({update("unit", unit, {{"name", "Top"}})}, "user:anna"));
  const auto audit = directory->list_audit(1, {});
  ASSERT_TRUE(audit);
  const Json& entry = audit->at(0);
  EXPECT_EQ(entry["actor"], "user:anna");
  EXPECT_EQ(entry["operation"], "update");
  EXPECT_EQ(entry["noun"], "unit");
  EXPECT_EQ(entry["id"], unit);
  EXPECT_EQ(entry["revision"], directory->revision());
  EXPECT_EQ(entry["before"]["name"], "401");
  EXPECT_EQ(entry["after"]["name"], "Top");
  EXPECT_THAT(entry["at"].get<std::string>(), testing::MatchesRegex("20..-..-..T..:..:..\\.......Z"));
}

TEST_F(History, KnowsTheMomentOfTheLastChange) {
  const auto before = directory->changed_at()->value();
  EXPECT_LE(before, std::chrono::system_clock::now());
  must(update("unit", unit, {{"name", "Left"}}));
  EXPECT_GT(directory->changed_at()->value(), before);
}

TEST_F(History, ListsTheAuditInPages) {
  const auto all = directory->list_audit(1000, {});
  ASSERT_TRUE(all);
  ASSERT_THAT(*all, SizeIs(8)) << "five objects and the site's rules";
  const auto first = directory->list_audit(3, {});
  const auto rest = directory->list_audit(1000, first->back()["sequence"].get<std::int64_t>());
  ASSERT_TRUE(rest);
  EXPECT_THAT(*rest, SizeIs(5));
  EXPECT_EQ(rest->front(), all->at(3));
  EXPECT_FALSE(directory->list_audit(0, {}));
  EXPECT_FALSE(directory->list_audit(1001, {}));
}

TEST_F(History, HasNoSecrets) {
  const auto made = apply({create("account", {{"owner", owner("unit", unit)}, {"kind", "mobile"}, {"username", "m"}})});
  const Id id = made->results.front().id;
  const model::Credentials credentials = present<model::Account>(id).credentials;
  ASSERT_TRUE(apply({with_password(update("account", id, Json::object()), "correct horse")}));
  const model::Credentials renewed = present<model::Account>(id).credentials;
  must(remove("account", id));
  const auto audit = directory->list_audit(1000, {});
  EXPECT_EQ(audit->at(1)["after"]["password_changed"], true);
  const std::string text = audit->dump();
  for (const std::string& secret : {*made->results.front().password, std::string("correct horse"), credentials.ha1_md5,
                                    credentials.ha1_sha256, renewed.ha1_md5, renewed.ha1_sha256}) {
    EXPECT_THAT(text, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(text, Not(HasSubstr("ha1")));
  directory.reset();
  const std::string bytes = bytes_of(file);
  EXPECT_THAT(bytes, Not(HasSubstr(*made->results.front().password)));
  EXPECT_THAT(bytes, Not(HasSubstr("correct horse")));
}

TEST_F(History, CannotBeRewritten) {
  directory.reset();
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
  EXPECT_THROW(database.exec("DELETE FROM audit"), SQLite::Exception);
  EXPECT_THROW(database.exec("UPDATE audit SET actor = 'nobody'"), SQLite::Exception);
}

TEST_F(History, IsNotWrittenByWhatIsRefused) {
  const auto before = directory->list_audit(1000, {});
  EXPECT_FALSE(apply({create("unit", {{"building_id", building}, {"number", "401"}})}));
  EXPECT_EQ(*directory->list_audit(1000, {}), *before);
}

}  // namespace
}  // namespace neolia::store
