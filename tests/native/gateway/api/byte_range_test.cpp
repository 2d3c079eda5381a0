// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/byte_range.hpp"

#include <gtest/gtest.h>

namespace neolia::gateway::api {
namespace {

std::optional<ByteRange> range(const std::string& header) { return read_byte_range(header, 100).value(); }

TEST(ByteRangeOf, ARequestThatAsksForOne) {
  EXPECT_EQ(range("bytes=0-9"), (ByteRange{0, 9}));
  EXPECT_EQ(range("bytes=90-"), (ByteRange{90, 99}));
  EXPECT_EQ(range("bytes=90-1000"), (ByteRange{90, 99}));
  EXPECT_EQ(range("bytes=-10"), (ByteRange{90, 99}));
  EXPECT_EQ(range("bytes=-1000"), (ByteRange{0, 99}));
  EXPECT_EQ(range("bytes=99-99"), (ByteRange{99, 99}));
}

TEST(ByteRangeOf, WhatIsIgnored) {
  for (const char* header : {"", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=0-1,5-6", "lines=0-1",
                             "bytes=99999999999999999999-", "bytes=1", "bytes= 0-1", "bytes=+1-2"}) {
    EXPECT_EQ(range(header), std::nullopt) << header;
  }
}

TEST(ByteRangeOf, WhatIsNotThere) {
  for (const char* header : {"bytes=100-", "bytes=100-200", "bytes=-0"}) {
    EXPECT_FALSE(read_byte_range(header, 100)) << header;
  }
  EXPECT_FALSE(read_byte_range("bytes=0-", 0));
  EXPECT_FALSE(read_byte_range("bytes=-1", 0));
}

}  // namespace
}  // namespace neolia::gateway::api
