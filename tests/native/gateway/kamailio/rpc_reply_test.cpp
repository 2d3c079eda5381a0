// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/rpc_reply.hpp"

#include <gmock/gmock.h>

#include "gateway/kamailio/contacts.hpp"
#include "gateway/kamailio/figures.hpp"
#include "gateway/kamailio/htables.hpp"

namespace neolia::gateway::kamailio {
namespace {

using model::Json;
using testing::IsEmpty;

/// Answers the same to everything.
class Parrot final : public Rpc {
 public:
  explicit Parrot(Json answer) : answer_(std::move(answer)) {}

  RpcResult<Json> call(std::string_view /*method*/, const Json& /*params*/) override { return answer_; }
  void notify(std::string_view /*method*/, const Json& /*params*/) override {}

 private:
  Json answer_;
};

TEST(RpcReply, IsTheOneWithItsId) {
  EXPECT_EQ(read_reply(R"({"id": 7, "result": [1]})", 7)->value(), Json({1}));
  EXPECT_EQ(read_reply(R"({"id": 7, "error": {"code": 500, "message": "no"}})", 7)->error().message, "no");
  for (const char* text : {R"({"id": 6, "result": 1})", R"({"result": 1})", "7", "{", ""}) {
    EXPECT_FALSE(read_reply(text, 7)) << text;
  }
}

TEST(RpcReply, NestedBeyondReasonIsNone) {
  constexpr std::size_t kDepth = 100'000;
  const std::string text = R"({"id": 7, "error": )" + std::string(kDepth, '[') + std::string(kDepth, ']') + "}";
  EXPECT_FALSE(read_reply(text, 7));
}

TEST(RpcReply, ContactsOfAnotherFormAreEmptyTexts) {
  Parrot rpc(Json::parse(R"({"Contacts": [1, {"Contact": 2},
    {"Contact": {"Address": 3, "User-Agent": [], "Ruid": {}, "Expires": 9223372036854775807}}]})"));
  const auto contacts = look_up_contacts(rpc, "anna").value();
  ASSERT_EQ(contacts.size(), 1U);
  EXPECT_THAT(contacts[0].contact + contacts[0].user_agent, IsEmpty());
  EXPECT_EQ(contacts[0].expires_at.size(), std::string("2026-11-22T20:00:00Z").size());
  EXPECT_TRUE(drop_contact(rpc, "anna", "d1"));
}

/// Has one contact, of another form, until it is removed.
class OneStrangeContact final : public Rpc {
 public:
  RpcResult<Json> call(std::string_view method, const Json& params) override {
    if (method == "ul.rm") removed_ = true;
    if (method == "htable.sets") told_ = params;
    if (method != "ul.lookup" || removed_) return Json();
    return Json::parse(R"({"Contacts": [{"Contact": {"Address": 3, "Ruid": {}}}]})");
  }
  void notify(std::string_view /*method*/, const Json& /*params*/) override {}

  [[nodiscard]] const Json& told() const { return told_; }

 private:
  bool removed_ = false;
  Json told_;
};

TEST(RpcReply, AContactOfAnotherFormIsDropped) {
  OneStrangeContact rpc;
  EXPECT_TRUE(drop_contacts(rpc, "anna"));
  EXPECT_EQ(rpc.told(), Json::array({"dropped", "", "anna"}));
}

TEST(RpcReply, FiguresAreRead) {
  Parrot rpc(Json{{"all", 2}, {"usrloc.location_contacts", 3}});
  EXPECT_EQ(count_calls(rpc), 2);
  EXPECT_EQ(count_contacts(rpc), 3);
  Parrot version("kamailio 5.6.3 (x86_64/linux)");
  EXPECT_EQ(read_version(version), "5.6.3");
}

TEST(RpcReply, FiguresOfAnotherFormAreNone) {
  for (const char* text : {R"({"all": "2", "usrloc.location_contacts": null})", "{}", "[1]", "1"}) {
    Parrot rpc(Json::parse(text));
    EXPECT_FALSE(count_calls(rpc)) << text;
    EXPECT_FALSE(count_contacts(rpc)) << text;
    EXPECT_FALSE(read_version(rpc)) << text;
  }
}

TEST(RpcReply, StatisticsOfAnotherFormAreADifference) {
  for (const char* text : {"[1]", "[[]]", R"([{"name": 1}])", R"([{"name": "targets", "all": "1"}])", "1"}) {
    Parrot rpc(Json::parse(text));
    EXPECT_FALSE(Htables(rpc).reload({1, 1, 1})) << text;
  }
}

}  // namespace
}  // namespace neolia::gateway::kamailio
