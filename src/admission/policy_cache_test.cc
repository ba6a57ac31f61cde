#include "admission/policy_cache.h"

#include <gtest/gtest.h>

namespace delen::admission {
namespace {

TEST(PolicyCache, OneOfEachNameForAllWhoNameIt) {
  PolicyCache cache(FromMilliseconds(0.05));
  const auto delen = cache.Get("delen");
  ASSERT_TRUE(delen) << delen.error().message;
  EXPECT_EQ(cache.Get("delen").value(), *delen);
  EXPECT_NE(cache.Get("all-final").value(), *delen);
  EXPECT_NE(cache.Get("static-exit:1").value(), cache.Get("static-exit:2").value());
}

TEST(PolicyCache, NoPolicyComesOfAWrongName) {
  PolicyCache cache(FromMilliseconds(0.05));
  EXPECT_EQ(cache.Get("magic").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(cache.Get("").error().code, ErrorCode::kInvalidArgument);
}

TEST(PolicyCache, WhatIsHeldStaysHoweverManyNamesThereAre) {
  PolicyCache cache(FromMilliseconds(0.05));
  const auto held = cache.Get("static-exit:0").value();
  for (int exit = 1; exit < 200; ++exit) {
    ASSERT_TRUE(cache.Get(fmt::format("static-exit:{}", exit)));
  }
  EXPECT_EQ(cache.Get("static-exit:0").value(), held);
}

}  // namespace
}  // namespace delen::admission
