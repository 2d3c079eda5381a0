// SPDX-License-Identifier: Apache-2.0
// Applier and Live on real files, before a fake Kamailio.
#include "gateway/kamailio/applier.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "gateway/example.hpp"
#include "gateway/kamailio/fake_kamailio.hpp"
#include "gateway/state/data_folder.hpp"

namespace neolia::gateway::kamailio {
namespace {

using Reason = Refusal::Reason;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// Everything of one run of the gateway that applies snapshots.
struct GatewayRun {
  GatewayRun(const state::DataFolder& folder, FakeKamailio& kamailio, rules::Time& clock)
      : files(std::move(state::SnapshotFiles::open(folder).value())),
        accepted(state::Keys(files.read_keys().value(), 0)),
        locations(folder.location_file()),
        live({accepted, files, locations, kamailio, board, calls,
              [this](bool restarted) {
                ++refills;
                restarts += restarted ? 1 : 0;
              },
              [this] { ++waits; }, folder.location_is_made_again()}),
        applier({accepted, files, live, [&clock] { return clock; }, 1 << 26}) {
    EXPECT_TRUE(applier.restore());
  }

  void tick() {
    applier.tick();
    live.tick();
  }

  state::SnapshotFiles files;
  state::Accepted accepted;
  state::LocationFile locations;
  StatusBoard board;
  Calls calls;
  int refills = 0;
  int restarts = 0;  ///< of Kamailio
  int waits = 0;     ///< seconds of which Kamailio said that it cannot write events
  Live live;
  Applier applier;
};

class ApplierTest : public testing::Test {
 protected:
  ApplierTest() { restart_gateway(); }

  void restart_gateway() {
    run_.reset();
    run_.emplace(*data_, *kamailio(), clock_);
  }

  FakeKamailio* kamailio() {
    if (!kamailio_) {
      EXPECT_TRUE(state::SnapshotFiles::open(*data_));  // makes sip.sqlite
      kamailio_.emplace(data_->sip_file());
    }
    return &*kamailio_;
  }

  Applied put(const std::string& text, bool adopt = false) { return expect(run_->applier.put(text, adopt)); }
  Applied patch(const std::string& text) { return expect(run_->applier.patch(text)); }

  static Applied expect(const ApplyResult& result) {
    EXPECT_TRUE(result) << result.error().error.message;
    return result ? *result : Applied();
  }

  static Reason reason(const ApplyResult& result) {
    EXPECT_FALSE(result);
    return result ? Reason{} : result.error().reason;
  }

  /// Kamailio, sip.sqlite and what the rules say are the same.
  void expect_live() {
    const auto& tables = run_->accepted.present().compiler.tables();
    EXPECT_EQ(run_->files.read_tables().value(), tables);
    EXPECT_EQ(kamailio()->tables["dial"], tables.dial);
    EXPECT_EQ(kamailio()->tables["rules"], tables.rules);
    EXPECT_EQ(kamailio()->tables["targets"], tables.targets);
    const auto status = run_->board.get();
    EXPECT_TRUE(status.live);
    EXPECT_EQ(status.problem, "");
    EXPECT_EQ(kamailio()->tables["sys"]["revision"], std::to_string(*status.live_revision));
  }

  void expect_compiled_as_new() {
    const auto& present = run_->accepted.present();
    EXPECT_EQ(present.compiler.tables(),
              rules::compile(present.compiler.facts(), present.directory.realm, run_->accepted.key_of(), clock_));
  }

  static model::Change disturb(int number) {
    model::Change change;
    change.put.units.push_back(example::unit(number));
    change.put.units.back().do_not_disturb = true;
    return change;
  }

  Folder folder_;
  std::optional<state::DataFolder> data_{std::move(state::DataFolder::open(folder_.path()).value())};
  rules::Time clock_{std::chrono::seconds(1800000000)};
  std::optional<FakeKamailio> kamailio_;
  std::optional<GatewayRun> run_;
};

TEST_F(ApplierTest, AWholeSnapshotGoesLive) {
  const auto applied = put(example::whole(7, 3));
  EXPECT_EQ(applied.revision, 7);
  EXPECT_TRUE(applied.live);
  expect_live();
  EXPECT_EQ(kamailio()->tables["sys"]["realm"], "home.example");
  EXPECT_EQ(kamailio()->tables["sys"]["directory"], example::kDirectory.id);
  EXPECT_EQ(kamailio()->tables["targets"].size(), 3U);
}

TEST_F(ApplierTest, ChangesGoLiveEntryByEntry) {
  put(example::whole(7, 3));
  kamailio()->commands.clear();
  EXPECT_TRUE(patch(example::changes(7, 8, disturb(2))).live);
  expect_live();
  EXPECT_EQ(kamailio()->tables["targets"].size(), 2U);
  EXPECT_THAT(kamailio()->commands, Not(Contains(HasSubstr("reload"))));
}

TEST_F(ApplierTest, AManyFoldChangeReloads) {
  put(example::whole(7, 1));
  kamailio()->commands.clear();
  EXPECT_TRUE(put(example::whole(8, 300)).live);
  EXPECT_THAT(kamailio()->commands, Contains("htable.reload dial"));
  expect_live();
}

TEST_F(ApplierTest, AdditionsEndWithDialAndRemovalsBeginWithIt) {
  put(example::whole(7, 1));
  const auto order = [&](const std::string& text, const std::string& method) {
    kamailio()->commands.clear();
    put(text);
    std::vector<std::string> tables;
    for (const auto& command : kamailio()->commands) {
      if (!command.starts_with(method) || command.starts_with(method + " sys")) continue;
      const auto table = command.substr(method.size() + 1, command.find(' ', method.size() + 1) - method.size() - 1);
      if (tables.empty() || tables.back() != table) tables.push_back(table);
    }
    return tables;
  };
  EXPECT_EQ(order(example::whole(8, 2), "htable.sets"), (std::vector<std::string>{"targets", "dial"}));
  EXPECT_EQ(order(example::whole(9, 1), "htable.delete"), (std::vector<std::string>{"dial", "targets"}));
}

TEST_F(ApplierTest, TheSameAgainChangesNothing) {
  const auto text = example::whole(7, 3);
  put(text);
  const auto keys = run_->files.read_keys().value();
  EXPECT_TRUE(put(text).live);
  expect_live();
  EXPECT_EQ(run_->files.read_keys().value(), keys);
  const auto changes = example::changes(7, 8, disturb(1));
  EXPECT_EQ(patch(changes).revision, 8);
  EXPECT_EQ(patch(changes).revision, 8);
  expect_live();
}

TEST_F(ApplierTest, AnOlderWholeIsTaken) {
  put(example::whole(7, 3));
  EXPECT_EQ(put(example::whole(4, 1)).revision, 4);
  expect_live();
}

TEST_F(ApplierTest, KeysAreNeverUsedAgain) {
  put(example::whole(7, 2));
  const auto key = run_->accepted.keys().of(example::unit_id(2));
  put(example::whole(8, 1));
  put(example::whole(9, 3));
  EXPECT_EQ(run_->accepted.keys().of(example::unit_id(2)), key);
  EXPECT_GT(run_->accepted.keys().of(example::unit_id(3)), key);
}

TEST_F(ApplierTest, ChangesNeedTheirBase) {
  EXPECT_EQ(reason(run_->applier.patch(example::changes(7, 8, disturb(1)))), Reason::unknown_base);
  put(example::whole(7, 3));
  EXPECT_EQ(reason(run_->applier.patch(example::changes(6, 8, disturb(1)))), Reason::unknown_base);
  EXPECT_EQ(reason(run_->applier.patch(example::changes(8, 9, disturb(1)))), Reason::unknown_base);
  expect_live();
}

TEST_F(ApplierTest, AfterManyChangesAWholeIsAskedFor) {
  put(example::whole(1, 1));
  snapshot::Revision revision = 1;
  for (; revision <= 200; ++revision)
    ASSERT_EQ(patch(example::changes(revision, revision + 1, disturb(1))).revision, revision + 1);
  EXPECT_EQ(reason(run_->applier.patch(example::changes(revision, revision + 1, disturb(1)))), Reason::unknown_base);
  put(example::whole(revision, 1));
  patch(example::changes(revision, revision + 1, disturb(1)));
}

TEST_F(ApplierTest, AForeignDirectoryNeedsToBeAdopted) {
  put(example::whole(7, 3));
  const model::DirectoryInfo other{example::id(0, 2), "Other", "other.example"};
  const auto foreign = example::whole(1, example::objects(1), other);
  const auto refused = run_->applier.put(foreign, false);
  EXPECT_EQ(reason(refused), Reason::foreign_directory);
  EXPECT_THAT(refused.error().error.message, HasSubstr("Home"));
  EXPECT_EQ(reason(run_->applier.patch(example::changes(7, 8, disturb(1), other.id))), Reason::foreign_directory);
  expect_live();
  EXPECT_EQ(put(foreign, true).revision, 1);
  expect_live();
  EXPECT_EQ(kamailio()->tables["sys"]["realm"], "other.example");
}

TEST_F(ApplierTest, WhatIsBadChangesNothing) {
  put(example::whole(7, 3));
  auto bad = example::objects(3);
  bad.units[0].building_id = example::building_id().substr(0, 25) + "9";
  const auto whole = run_->applier.put(example::whole(8, bad), false);
  EXPECT_EQ(reason(whole), Reason::invalid);
  EXPECT_FALSE(whole.error().error.fields.empty());

  model::Change twice;
  twice.put.accounts.push_back(example::panel(1));
  twice.put.accounts.back().id = example::panel_id(77);
  twice.removed.units.push_back(example::unit_id(2));
  const auto changes = run_->applier.patch(example::changes(7, 8, twice));
  EXPECT_EQ(reason(changes), Reason::invalid);
  EXPECT_FALSE(changes.error().error.fields.empty());

  EXPECT_EQ(reason(run_->applier.put("{", false)), Reason::invalid);
  EXPECT_EQ(reason(run_->applier.patch("[]")), Reason::invalid);
  EXPECT_EQ(reason(run_->applier.patch("")), Reason::invalid);
  EXPECT_EQ(run_->accepted.present().revision, 7);
  expect_compiled_as_new();
  expect_live();
  EXPECT_TRUE(patch(example::changes(7, 8, disturb(1))).live);
  expect_live();
}

TEST_F(ApplierTest, AFullDiskChangesNothing) {
  put(example::whole(7, 3));
  SQLite::Database other(data_->gateway_file(), SQLite::OPEN_READWRITE);
  other.exec("CREATE TRIGGER full BEFORE INSERT ON snapshot BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
  EXPECT_EQ(reason(run_->applier.put(example::whole(8, 5), false)), Reason::storage);
  EXPECT_EQ(reason(run_->applier.patch(example::changes(7, 8, disturb(1)))), Reason::storage);
  other.exec("DROP TRIGGER full");
  EXPECT_EQ(run_->accepted.present().revision, 7);
  expect_compiled_as_new();
  expect_live();
  EXPECT_TRUE(patch(example::changes(7, 8, disturb(1))).live);
}

TEST_F(ApplierTest, WithoutKamailioItIsKeptAndGoesLiveLater) {
  kamailio()->away = true;
  const auto applied = put(example::whole(7, 3));
  EXPECT_FALSE(applied.live);
  EXPECT_THAT(run_->board.get().problem, HasSubstr("away"));
  EXPECT_FALSE(run_->board.get().connected);
  run_->tick();
  EXPECT_FALSE(run_->board.get().live);
  kamailio()->away = false;
  run_->tick();
  expect_live();
  EXPECT_EQ(run_->board.get().kamailio_version, "5.6.3");
  EXPECT_EQ(run_->board.get().active_calls, 2);
}

TEST_F(ApplierTest, ARestartedKamailioIsFilledAgain) {
  put(example::whole(7, 3));
  const int before = run_->refills;
  run_->tick();
  EXPECT_EQ(run_->refills, before);
  kamailio()->tables["dial"].clear();
  kamailio()->restart();
  kamailio()->tables["dial"]["s1:stale"] = "u 9 9 9";
  run_->tick();
  EXPECT_EQ(run_->refills, before + 1);
  EXPECT_EQ(run_->restarts, before + 1);
  expect_live();
}

TEST_F(ApplierTest, WhatBreaksHalfWayIsFinishedLater) {
  put(example::whole(7, 3));
  kamailio()->breaks = [](const std::string& command) { return command.starts_with("htable.sets dial"); };
  EXPECT_FALSE(put(example::whole(8, 5)).live);
  EXPECT_FALSE(run_->board.get().live);
  kamailio()->breaks = [](const std::string&) { return false; };
  run_->tick();
  expect_live();
}

TEST_F(ApplierTest, AnEntryThatDoesNotStickIsNotLive) {
  put(example::whole(7, 3));
  // Kamailio says yes and forgets: what is read back decides.
  kamailio()->breaks = [this](const std::string& command) {
    if (command.starts_with("htable.get targets")) kamailio()->tables["targets"].clear();
    return false;
  };
  EXPECT_FALSE(put(example::whole(8, 4)).live);
  EXPECT_THAT(run_->board.get().problem, HasSubstr("reads back"));
}

TEST_F(ApplierTest, AReplacedSipFileIsNoticed) {
  put(example::whole(7, 3));
  kamailio()->restart();
  kamailio()->breaks = [this](const std::string& command) {
    if (command.starts_with("htable.get sys mark")) kamailio()->tables["sys"]["mark"] = "of the file before";
    return false;
  };
  run_->tick();
  EXPECT_FALSE(run_->board.get().live);
  EXPECT_THAT(run_->board.get().problem, HasSubstr("restart Kamailio"));
}

TEST_F(ApplierTest, ContactsGoWithTheAccount) {
  put(example::whole(7, 3));
  kamailio()->contacts = {{"panel-1", 1}, {"panel-2", 2}, {"panel-3", 1}};
  model::Change change;
  change.put.accounts = {example::panel(1, "another password"), example::panel(2)};
  change.put.accounts[1].enabled = false;
  change.removed.accounts.push_back(example::panel_id(3));
  patch(example::changes(7, 8, change));
  EXPECT_TRUE(kamailio()->contacts.empty());
  EXPECT_TRUE(run_->files.contacts_to_drop().value().empty());
}

TEST_F(ApplierTest, ContactsGoWhenKamailioIsBack) {
  put(example::whole(7, 3));
  kamailio()->contacts = {{"panel-1", 1}, {"panel-2", 1}};
  kamailio()->away = true;
  model::Change change;
  change.removed.accounts.push_back(example::panel_id(1));
  patch(example::changes(7, 8, change));
  kamailio()->away = false;
  restart_gateway();
  run_->tick();
  EXPECT_EQ(kamailio()->contacts, (std::map<std::string, int>{{"panel-2", 1}}));
}

TEST_F(ApplierTest, ContactsWithoutAnAccountGoWhenKamailioRestarts) {
  put(example::whole(7, 1));
  SQLite::Database(data_->location_file(), SQLite::OPEN_READWRITE)
      .exec(
          "INSERT INTO location (ruid, username, contact, expires, callid, last_modified) "
          "VALUES ('1', 'stranger', 'sip:x', julianday('2999-01-01'), 'c', 0), "
          "('2', 'panel-1', 'sip:y', julianday('2999-01-01'), 'd', 0)");
  kamailio()->contacts = {{"stranger", 1}, {"panel-1", 1}};
  kamailio()->restart();
  run_->tick();
  EXPECT_EQ(kamailio()->contacts, (std::map<std::string, int>{{"panel-1", 1}}));
}

TEST_F(ApplierTest, ARestartedGatewayKnowsEverything) {
  put(example::whole(7, 3));
  patch(example::changes(7, 8, disturb(1)));
  patch(example::changes(8, 9, disturb(2)));
  const auto tables = run_->accepted.present().compiler.tables();
  restart_gateway();
  EXPECT_EQ(run_->board.get().revision, 9);
  EXPECT_EQ(run_->accepted.present().compiler.tables(), tables);
  run_->tick();
  expect_live();
  patch(example::changes(9, 10, disturb(3)));
  expect_live();
}

TEST_F(ApplierTest, ALostSipFileIsMadeAgain) {
  put(example::whole(7, 3));
  run_.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(data_->sip_file() + suffix);
  kamailio_.reset();
  restart_gateway();
  run_->tick();
  expect_live();
}

TEST_F(ApplierTest, SchedulesAreFollowed) {
  auto objects = example::objects(1);
  model::Window window;
  window.days = {model::Day::mon, model::Day::tue, model::Day::wed, model::Day::thu,
                 model::Day::fri, model::Day::sat, model::Day::sun};
  window.from = 12 * 60;
  window.to = 13 * 60;
  objects.sites[0].time_zone = "UTC";
  objects.rules[0].schedule = model::Schedule{{window}};
  const auto midnight = std::chrono::floor<std::chrono::days>(clock_);
  clock_ = midnight + std::chrono::hours(11);
  put(example::whole(7, objects));
  EXPECT_TRUE(kamailio()->tables["rules"].empty());
  for (const auto& [hour, entries] : {std::pair(12, 1U), {13, 0U}, {36, 1U}, {35, 0U}, {12, 1U}}) {
    clock_ = midnight + std::chrono::hours(hour);
    run_->tick();
    EXPECT_EQ(kamailio()->tables["rules"].size(), entries) << hour;
    expect_live();
  }
}

TEST_F(ApplierTest, ALostGatewayFileLeavesNothingOld) {
  put(example::whole(7, 5));
  run_.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(data_->gateway_file() + suffix);
  restart_gateway();
  put(example::whole(8, 2));
  expect_live();
  EXPECT_EQ(kamailio()->tables["targets"].size(), 2U);
}

TEST_F(ApplierTest, EventsThatWaitAreAProblemUntilTheyAreWritten) {
  put(example::whole(7, 2));
  kamailio()->tables["sys"]["events_wait"] = "waiting";
  run_->tick();
  EXPECT_EQ(run_->waits, 1);
  EXPECT_TRUE(run_->board.get().live);
  EXPECT_THAT(run_->board.get().problem, HasSubstr("told later"));
  kamailio()->tables["sys"]["events_wait"] = "full";
  run_->tick();
  EXPECT_THAT(run_->board.get().problem, HasSubstr("are lost"));
  kamailio()->tables["sys"].erase("events_wait");
  run_->tick();
  EXPECT_EQ(run_->waits, 2);
  expect_live();
}

TEST_F(ApplierTest, ADamagedLocationFileIsAProblemUntilKamailioRestarts) {
  put(example::whole(7, 2));
  run_.reset();
  data_.reset();
  std::ofstream(folder_.path() + "/location.sqlite") << std::string(8192, 'x');
  data_.emplace(std::move(state::DataFolder::open(folder_.path()).value()));
  restart_gateway();
  run_->tick();
  EXPECT_TRUE(run_->board.get().live);
  EXPECT_THAT(run_->board.get().problem, HasSubstr("restart Kamailio"));
  kamailio()->restart();
  run_->tick();
  expect_live();
}

TEST_F(ApplierTest, WithoutASnapshotKamailioKeepsWhatItHas) {
  put(example::whole(7, 3));
  const auto tables = kamailio()->tables;
  run_.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(data_->gateway_file() + suffix);
  restart_gateway();
  run_->tick();
  EXPECT_EQ(kamailio()->tables, tables);
  EXPECT_EQ(run_->board.get().revision, std::nullopt);
  EXPECT_FALSE(run_->board.get().live);
  EXPECT_TRUE(run_->board.get().connected);
}

}  // namespace
}  // namespace neolia::gateway::kamailio
