#include "apps/server_address.h"

#include <gtest/gtest.h>

namespace delen::apps {
namespace {

TEST(ServerAddress, IsAnAddressAndAPort) {
  EXPECT_EQ(ParseServerAddress("10.0.0.7:8000")->address, "10.0.0.7");
  EXPECT_EQ(ParseServerAddress("10.0.0.7:8000")->port, 8000);
  EXPECT_EQ(ParseServerAddress("localhost:1")->address, "127.0.0.1");
  EXPECT_EQ(ParseServerAddress("::1:65535")->address, "::1");
}

TEST(ServerAddress, AnythingElseIsRefused) {
  for (const char* const text :
       {"", ":", "10.0.0.7", "10.0.0.7:", "10.0.0.7:0", "10.0.0.7:65536", "10.0.0.7:80x"}) {
    EXPECT_EQ(ParseServerAddress(text).error().message,
              fmt::format("the server is '{}', expected ADDRESS:PORT", text));
  }
}

}  // namespace
}  // namespace delen::apps
