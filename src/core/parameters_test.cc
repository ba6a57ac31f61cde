#include "core/parameters.h"

#include <gtest/gtest.h>

namespace delen::core {
namespace {

TEST(Parameters, NumbersComeAsNumbersOrAsText) {
  EXPECT_EQ(AsNumber("x", std::int64_t{3}).value(), 3.0);
  EXPECT_EQ(AsNumber("x", 2.5).value(), 2.5);
  EXPECT_EQ(AsNumber("x", std::string("2.5e1")).value(), 25.0);
}

TEST(Parameters, WhatIsNoFiniteNumberIsRefusedByName) {
  EXPECT_EQ(AsNumber("max_latency_ms", std::string("fast")).error().message,
            "parameter 'max_latency_ms' is 'fast', expected a finite number");
  for (const char* text : {"", " 1", "1 ", "nan", "inf", "0x10", "1,5"}) {
    EXPECT_FALSE(AsNumber("x", std::string(text))) << text;
  }
  EXPECT_FALSE(AsNumber("x", true));
}

TEST(Parameters, TheLastOfTwoWithOneNameCounts) {
  const Parameters parameters = {{"a", 1.0}, {"b", true}, {"a", 2.0}};
  EXPECT_EQ(*Find(parameters, "a"), ParameterValue(2.0));
  EXPECT_EQ(Find(parameters, "c"), nullptr);
}

}  // namespace
}  // namespace delen::core
