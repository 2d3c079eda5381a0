// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/called.hpp"

#include <gtest/gtest.h>

namespace neolia::gateway::media {
namespace {

TEST(Called, IsAUnitKey) {
  EXPECT_EQ(read_voicemail_user("vm17"), 17);
  for (const char* user : {"", "vm", "vm0", "vm-1", "vm1x", "VM1", "1", "vm99999999999999999999"}) {
    EXPECT_FALSE(read_voicemail_user(user)) << user;
  }
}

TEST(Called, HasTheCallAndItsCaller) {
  const auto call = read_neolia_call("1795853640.228723-18546;caller=7");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->call_id, "1795853640.228723-18546");
  EXPECT_EQ(call->caller, 7);
  for (const std::string& header :
       {std::string(""), std::string("1.0"), std::string(";caller=7"), std::string("1.0;caller="),
        std::string("1.0;caller=x"), std::string("a b;caller=7"), std::string(65, '1') + ";caller=7"}) {
    EXPECT_FALSE(read_neolia_call(header)) << header;
  }
}

}  // namespace
}  // namespace neolia::gateway::media
