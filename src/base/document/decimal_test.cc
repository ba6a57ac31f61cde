#include "base/document/decimal.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <random>

namespace delen {
namespace {

TEST(Decimal, IsShortAndMovesThePoint) {
  EXPECT_EQ(Decimal(0.0042, 3), "4.2");
  EXPECT_EQ(Decimal(5161120), "5161120");
  EXPECT_EQ(Decimal(0.1), "0.1");
  EXPECT_EQ(Decimal(-12.5), "-12.5");
  EXPECT_EQ(Decimal(0.0), "0");
  EXPECT_EQ(Decimal(1e-9, 3), "0.000001");
  EXPECT_EQ(Decimal(1.5e-12), "1.5e-12");
  EXPECT_EQ(Decimal(2e20), "2e20");
}

TEST(Decimal, ReadsWhatPeopleWrite) {
  EXPECT_EQ(ParseDecimal("4.20", -3), 0.0042);
  EXPECT_EQ(ParseDecimal("1e+3"), 1000.0);
  EXPECT_EQ(ParseDecimal("1E-3", 3), 1.0);
  EXPECT_EQ(ParseDecimal("-0.5"), -0.5);
}

TEST(Decimal, RefusesWhatIsNoFiniteNumber) {
  for (const char* text :
       {"", "e5", "1e", "1e5x", "abc", "1.2.3", "1e400", "1e99999999999", "1 "}) {
    EXPECT_FALSE(ParseDecimal(text).has_value()) << text;
  }
}

TEST(Decimal, EveryDoubleComesBackThroughAnyShift) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = random();
    double value = 0.0;
    std::memcpy(&value, &bits, sizeof value);
    if (!(std::abs(value) < 1e290 && std::abs(value) > 1e-290)) continue;
    EXPECT_EQ(ParseDecimal(Decimal(value)), value);
    EXPECT_EQ(ParseDecimal(Decimal(value, 3), -3), value);
  }
  constexpr double kTiny = std::numeric_limits<double>::denorm_min();
  EXPECT_EQ(ParseDecimal(Decimal(kTiny, 3), -3), kTiny);
}

}  // namespace
}  // namespace delen
