// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/calls.hpp"

#include <gmock/gmock.h>

#include "gateway/example.hpp"
#include "gateway/kamailio/end_calls.hpp"
#include "gateway/kamailio/fake_kamailio.hpp"
#include "gateway/kamailio/lost_calls.hpp"
#include "gateway/kamailio/session_keeper.hpp"
#include "gateway/state/data_folder.hpp"
#include "gateway/state/snapshot_files.hpp"

namespace neolia::gateway::kamailio {
namespace {

using model::Json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

CallEvent event(const std::string& type, const std::string& call_id, const Json& fields = Json::object()) {
  CallEvent made{blank_event(type, call_id, 1000), std::nullopt, {}};
  made.event.update(fields);
  return made;
}

/// Of `door` to a unit: the first step rings anna alone, the second anna and bert.
CallEvent incoming(const std::string& call_id, const Json& fields = Json::object()) {
  auto made = event("incoming", call_id, {{"sip_call_id", "sip-" + call_id}});
  made.event["caller"]["username"] = "door";
  made.event["caller"]["account_id"] = example::door_id();
  made.event["steps"] = Json::array({{{"usernames", {"anna"}}}, {{"usernames", {"anna", "bert"}}}});
  made.event.update(fields);
  made.cseq = 7;
  return made;
}

CallEvent answered(const std::string& call_id, const std::string& by, const std::string& device = {}) {
  auto made = event("answered", call_id, {{"by", by}, {"device", device}});
  made.dialog = "1:2";
  return made;
}

/// As the copier does with one event.
std::string note(Calls& calls, const CallEvent& event) {
  auto stored = calls.note(event);
  calls.commit();
  return stored;
}

std::vector<std::string> ids(const Calls& calls) {
  std::vector<std::string> list;
  for (const auto& call : calls.list()) list.push_back(call.call_id());
  return list;
}

TEST(CallsTest, LiveFromTheirFirstToTheirLastEvent) {
  Calls calls;
  note(calls, incoming("b"));
  note(calls, incoming("a", {{"at", "2000-01-01T00:00:00Z"}}));
  EXPECT_EQ(ids(calls), (std::vector<std::string>{"b", "a"}));
  for (const char* type : {"step", "ringing", "joined", "refused"}) EXPECT_NE(note(calls, event(type, "a")), "");
  note(calls, answered("a", "anna"));
  EXPECT_TRUE(calls.find("a")->answered);
  EXPECT_EQ(note(calls, event("ended", "a")), "");
  EXPECT_EQ(note(calls, event("missed", "b")), "");
  EXPECT_THAT(ids(calls), IsEmpty());
}

TEST(CallsTest, WhatIsNoCallIsNotStored) {
  Calls calls;
  EXPECT_EQ(note(calls, event("denied", "a")), "");
  EXPECT_EQ(note(calls, event("message", "a")), "");
  EXPECT_EQ(note(calls, answered("a", "anna")), "");
  EXPECT_THAT(ids(calls), IsEmpty());
}

TEST(CallsTest, WhatIsStoredIsReadAgain) {
  Calls calls;
  note(calls, incoming("a"));
  note(calls, event("step", "a", {{"step", 1}}));
  const auto stored = note(calls, answered("a", "anna", "d1"));
  const auto read = Calls({stored, "{}", "no json", R"({"incoming": 1})"}).list();
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(to_json(read[0]), to_json(*calls.find("a")));
  EXPECT_EQ(read[0].step, 1);
}

TEST(CallsTest, WhatIsStoredWithoutAFieldIsNoCall) {
  Calls calls;
  const Json stored = Json::parse(note(calls, incoming("a")));
  ASSERT_TRUE(read_call(stored.dump()));
  const auto expect_none = [&](const std::string& pointer) {
    Json damaged = stored;
    const Json::json_pointer place(pointer);
    damaged.at(place.parent_pointer()).erase(place.back());
    EXPECT_FALSE(read_call(damaged.dump())) << pointer;
  };
  for (const char* field : {"call_id", "at", "caller", "caller/account_id", "caller/username", "account_id", "steps",
                            "sip_call_id", "session_id", "test"}) {
    expect_none("/incoming/" + std::string(field));
  }
  expect_none("/incoming/steps/0/usernames");
}

TEST(CallsTest, WhatIsNotOnDiskIsNotShown) {
  Calls calls;
  EXPECT_NE(calls.note(incoming("a")), "");
  EXPECT_NE(calls.note(event("step", "a", {{"step", 1}})), "");
  EXPECT_THAT(ids(calls), IsEmpty());
  calls.rollback();
  calls.commit();
  EXPECT_THAT(ids(calls), IsEmpty());
  note(calls, incoming("a"));
  EXPECT_EQ(calls.note(event("ended", "a")), "");
  EXPECT_EQ(calls.note(event("step", "a")), "");
  EXPECT_TRUE(calls.find("a"));
  calls.rollback();
  EXPECT_NE(calls.note(event("step", "a")), "");
}

TEST(CallsTest, AreBounded) {
  Calls calls;
  for (std::size_t i = 0; i <= Calls::kMax; ++i) {
    note(calls, incoming(std::to_string(i), {{"at", std::to_string(1000000 + i)}}));
  }
  EXPECT_EQ(calls.list().size(), Calls::kMax);
  EXPECT_FALSE(calls.find("0"));
}

TEST(CallsTest, WhoseTheyAre) {
  Calls calls;
  note(calls, incoming("a", {{"account_id", "called"}}));
  const auto is_of = [&](const char* account_id, const char* username) {
    return calls.find("a")->is_of(account_id, username);
  };
  EXPECT_TRUE(is_of(example::door_id().c_str(), "other"));
  EXPECT_TRUE(is_of("", "door"));
  EXPECT_TRUE(is_of("called", "other"));
  EXPECT_TRUE(is_of("", "anna"));
  EXPECT_FALSE(is_of("", "bert"));
  note(calls, event("step", "a", {{"step", 1}}));
  EXPECT_FALSE(is_of("", "anna"));
  note(calls, answered("a", "bert"));
  EXPECT_TRUE(is_of("", "bert"));
  EXPECT_FALSE(is_of("", "anna"));
}

TEST(CallsTest, WhoIsRevokedWhileOthersRingMayNotAnswer) {
  Calls calls;
  note(calls, incoming("alone"));
  note(calls, incoming("among others"));
  note(calls, event("step", "among others", {{"step", 1}}));
  EXPECT_THAT(calls.revoke("anna"), ElementsAre("alone"));
  EXPECT_THAT(calls.answered_by_barred(), IsEmpty());
  note(calls, answered("among others", "anna"));
  EXPECT_THAT(calls.answered_by_barred(), ElementsAre("among others"));
}

class EndingTest : public testing::Test {
 protected:
  EndingTest() {
    rules::TablesChange change;
    auto& row = change.put.subscribers["anna"];
    row.username = "anna";
    row.realm = "home.example";
    row.credentials = {"h1", "h2"};
    row.kind = model::AccountKind::panel;
    row.account_key = 3;
    row.site_key = 1;
    EXPECT_TRUE(files_->store({state::Acceptance::Form::none, 1, "", {}, change, {}}));
    kamailio_.tables["ending"];
  }

  /// A call that Kamailio has too; with a `device` answered.
  void begin(const std::string& call_id, const Json& fields = Json::object(), const std::string& device = {}) {
    note(calls_, incoming(call_id, fields));
    kamailio_.dialogs["sip-" + call_id] = 2;
    if (device.empty()) return;
    note(calls_, answered(call_id, "anna", device));
    kamailio_.dialogs["[1,2]"] = 4;
  }
  std::string create_session() { return sessions_.create("anna", "home.example", 60, false).value().username; }
  void register_device(const std::string& device, const std::string& session) {
    presence_.note({true, "anna", device, session, 1, 1});
    kamailio_.devices["anna"][device] = "sip:anna@" + device;
  }

  Folder folder_;
  model::Result<state::DataFolder> data_ = state::DataFolder::open(folder_.path());
  model::Result<state::SnapshotFiles> files_ = state::SnapshotFiles::open(*data_);
  FakeKamailio kamailio_{data_->sip_file()};
  state::Sessions sessions_{data_->sip_file()};
  state::Presence presence_{{}, {}};
  Calls calls_;
  std::set<std::string> living_;
  SessionKeeper keeper_{{kamailio_, sessions_, presence_, calls_, [this](const auto& living) { living_ = living; }}};
};

TEST_F(EndingTest, ARingingCallGetsAFinalAnswer) {
  begin("a");
  EXPECT_TRUE(end_calls(kamailio_, calls_, {"a"}, "door_opened"));
  EXPECT_THAT(kamailio_.commands, Contains("htable.sets ending a door_opened"));
  EXPECT_THAT(kamailio_.commands,
              Contains(testing::StartsWith("tm.reply_callid 480 Temporarily Unavailable sip-a 7 gateway-")));
  EXPECT_EQ(kamailio_.tables["ending"]["a"], "door_opened");
}

TEST_F(EndingTest, AnAnsweredCallGetsBye) {
  begin("a", Json::object(), "d1");
  kamailio_.dialogs.erase("sip-a");
  EXPECT_TRUE(end_calls(kamailio_, calls_, {"a"}, "stopped"));
  EXPECT_THAT(kamailio_.commands, Contains("dlg.end_dlg 1 2"));
}

TEST_F(EndingTest, TheFinalEventConfirms) {
  begin("a");
  kamailio_.ends_calls = false;
  kamailio_.breaks = [this](const std::string& command) {
    if (command.starts_with("tm.reply_callid")) note(calls_, event("missed", "a"));
    return false;
  };
  EXPECT_TRUE(end_calls(kamailio_, calls_, {"a"}, "stopped"));
}

TEST_F(EndingTest, OneThatIsAnsweredMeanwhileGetsByeToo) {
  begin("a");
  kamailio_.ends_calls = false;
  kamailio_.breaks = [this](const std::string& command) {
    if (command.starts_with("tm.reply_callid")) note(calls_, answered("a", "anna"));
    if (command.starts_with("dlg.end_dlg")) kamailio_.dialogs.clear();
    return false;
  };
  EXPECT_TRUE(end_calls(kamailio_, calls_, {"a"}, "stopped"));
  EXPECT_THAT(kamailio_.commands, Contains("dlg.end_dlg 1 2"));
}

TEST_F(EndingTest, OneThatDoesNotEndIsReported) {
  begin("a");
  kamailio_.ends_calls = false;
  const auto ended = end_calls(kamailio_, calls_, {"a"}, "stopped");
  ASSERT_FALSE(ended);
  EXPECT_THAT(ended.error().message, HasSubstr("did not end the call a"));
}

TEST_F(EndingTest, WhatHasEndedNeedsNoKamailio) {
  kamailio_.away = true;
  EXPECT_TRUE(end_calls(kamailio_, calls_, {"gone"}, "stopped"));
  begin("a");
  EXPECT_EQ(end_calls(kamailio_, calls_, {"a"}, "stopped").error().kind, RpcError::Kind::away);
}

TEST_F(EndingTest, ARevokedSessionHasNeitherContactNorCall) {
  const auto session = create_session();
  const auto other = create_session();
  register_device("d1", session);
  register_device("d2", other);
  register_device("d3", "");
  begin("made", {{"session_id", state::session_id_of(session)}});
  begin("kept", {{"session_id", state::session_id_of(other)}});
  ASSERT_TRUE(keeper_.revoke(session));
  EXPECT_THAT(living_, ElementsAre(other));
  EXPECT_THAT(kamailio_.devices["anna"], testing::Not(Contains(testing::Key("d1"))));
  EXPECT_EQ(kamailio_.devices["anna"].size(), 2U);
  EXPECT_EQ(kamailio_.tables["ending"], (std::map<std::string, std::string>{{"made", "revoked"}}));
  EXPECT_EQ(keeper_.revoke(session).error().code, model::ErrorCode::not_found);
}

TEST_F(EndingTest, CallsThatASessionAnsweredEndWithIt) {
  const auto session = create_session();
  register_device("d1", session);
  begin("a", Json::object(), "d1");
  kamailio_.dialogs.erase("sip-a");
  ASSERT_TRUE(keeper_.revoke(session));
  EXPECT_THAT(kamailio_.commands, Contains("dlg.end_dlg 1 2"));
}

TEST_F(EndingTest, WhatIsLeftFollowsWhenKamailioIsBack) {
  const auto session = create_session();
  register_device("d1", session);
  kamailio_.away = true;
  EXPECT_EQ(keeper_.revoke(session).error().code, model::ErrorCode::closed);
  EXPECT_THAT(sessions_.list().value(), IsEmpty());
  kamailio_.away = false;
  keeper_.tick();
  EXPECT_THAT(kamailio_.devices["anna"], IsEmpty());
}

TEST_F(EndingTest, AContactThatComesBackWithKamailioGoesAgain) {
  const auto session = create_session();
  register_device("d1", session);
  ASSERT_TRUE(keeper_.revoke(session));
  presence_.note({false, "anna", "d1", "", 2, 0});
  kamailio_.devices["anna"]["d1"] = "sip:anna@d1";
  keeper_.tick();
  EXPECT_EQ(kamailio_.devices["anna"].size(), 1U) << "nobody looks again without a reason";
  keeper_.look_again();
  keeper_.tick();
  EXPECT_THAT(kamailio_.devices["anna"], IsEmpty());
}

TEST_F(EndingTest, ExpiredSessionsEndByThemselves) {
  const auto session = sessions_.create("anna", "home.example", 0, false).value().username;
  register_device("d1", session);
  keeper_.tick();
  EXPECT_THAT(kamailio_.devices["anna"], IsEmpty());
}

TEST_F(EndingTest, TestCallsEndThemselves) {
  const auto session = sessions_.create("anna", "home.example", 0, true).value().username;
  begin("a", {{"session_id", state::session_id_of(session)}, {"test", true}});
  keeper_.tick();
  EXPECT_THAT(kamailio_.tables["ending"], IsEmpty());
}

TEST_F(EndingTest, ForgottenCallsAreLostAtTheSecondLook) {
  std::vector<std::string> lost;
  LostCalls lost_calls(kamailio_, calls_, [&](const std::string& call_id) { lost.push_back(call_id); });
  begin("there");
  begin("forgotten");
  begin("ended meanwhile");
  for (const char* name : {"sip-forgotten", "sip-ended meanwhile"}) kamailio_.dialogs.erase(name);
  lost_calls.suspect_all();
  kamailio_.away = true;
  lost_calls.tick();
  kamailio_.away = false;
  lost_calls.tick();
  EXPECT_THAT(lost, IsEmpty());
  note(calls_, event("ended", "ended meanwhile"));
  lost_calls.tick();
  lost_calls.tick();
  EXPECT_THAT(lost, ElementsAre("forgotten"));
}

TEST_F(EndingTest, CallsThatEndWithoutAnEventAreLostToo) {
  std::vector<std::string> lost;
  LostCalls lost_calls(kamailio_, calls_, [&](const std::string& call_id) { lost.push_back(call_id); });
  begin("a");
  begin("b");
  EXPECT_TRUE(end_calls(kamailio_, calls_, {"a"}, "stopped"));
  EXPECT_EQ(calls_.find("a")->ending, "stopped");
  lost_calls.tick();
  EXPECT_THAT(lost, IsEmpty());
  lost_calls.tick();
  EXPECT_THAT(lost, ElementsAre("a"));
}

}  // namespace
}  // namespace neolia::gateway::kamailio
