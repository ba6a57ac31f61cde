#include "apps/policy_name.h"

#include <gtest/gtest.h>

namespace delen::apps {
namespace {

TEST(PolicyName, IsAWordAndMaybeANumber) {
  for (const std::string_view name : {"delen", "edf-final", "static-exit:2", "confidence:0.8"}) {
    EXPECT_TRUE(CheckPolicyName(name)) << name;
  }
  for (const std::string_view name : {"", ":", "delen:", ":2", "Delen", "static-exit:two", "a b"}) {
    EXPECT_FALSE(CheckPolicyName(name)) << name;
  }
  EXPECT_EQ(CheckPolicyName("Magic").error().message,
            "policy is 'Magic', expected a name such as delen or static-exit:2");
}

}  // namespace
}  // namespace delen::apps
