#include "base/random.h"

#include <gtest/gtest.h>

#include <vector>

namespace delen {
namespace {

struct Moments {
  double mean = 0.0;
  double variance = 0.0;
};

template <class Draw>
Moments MomentsOf(Draw draw) {
  constexpr int kDraws = 100'000;
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = draw();
    sum += value;
    squares += value * value;
  }
  const double mean = sum / kDraws;
  return {mean, squares / kDraws - mean * mean};
}

// Computed apart, in Python: what any compiler and standard library must give.
TEST(RandomSource, GivesTheseNumbers) {
  RandomSource random(42, "arrivals", 1);
  EXPECT_EQ(random.Bits(), 692828153466806188U);
  EXPECT_DOUBLE_EQ(random.Uniform(), 0.12956687427675118);
  EXPECT_DOUBLE_EQ(random.Exponential(), 2.7757946541590646);
  EXPECT_DOUBLE_EQ(random.Normal(), -1.1500666883818402);
}

// The first output of the published SplitMix64 seeded with 1234567.
TEST(RandomSource, MixesBitsAsSplitMix64Does) {
  EXPECT_EQ(MixBits(1234567 + 0x9e3779b97f4a7c15), 6457827717110365317U);
}

TEST(RandomSource, SeedPurposeAndIndexEachMakeAnotherStream) {
  const auto first = [](std::uint64_t seed, std::string_view purpose, std::uint64_t index) {
    return RandomSource(seed, purpose, index).Bits();
  };
  EXPECT_EQ(first(1, "arrivals", 0), first(1, "arrivals", 0));
  EXPECT_NE(first(1, "arrivals", 0), first(2, "arrivals", 0));
  EXPECT_NE(first(1, "arrivals", 0), first(1, "noise", 0));
  EXPECT_NE(first(1, "arrivals", 0), first(1, "arrivals", 1));
}

TEST(RandomSource, UniformIsUniform) {
  RandomSource random(1, "test");
  const Moments unit = MomentsOf([&] { return random.Uniform(); });
  EXPECT_NEAR(unit.mean, 0.5, 0.005);
  EXPECT_NEAR(unit.variance, 1.0 / 12, 0.002);
  const Moments wide = MomentsOf([&] { return random.Uniform(-3.0, 1.0); });
  EXPECT_NEAR(wide.mean, -1.0, 0.02);
  EXPECT_NEAR(wide.variance, 16.0 / 12, 0.03);
}

TEST(RandomSource, ExponentialHasMeanAndVarianceOne) {
  RandomSource random(2, "test");
  const Moments moments = MomentsOf([&] { return random.Exponential(); });
  EXPECT_NEAR(moments.mean, 1.0, 0.02);
  EXPECT_NEAR(moments.variance, 1.0, 0.05);
}

TEST(RandomSource, NormalHasMeanZeroAndVarianceOne) {
  RandomSource random(3, "test");
  const Moments moments = MomentsOf([&] { return random.Normal(); });
  EXPECT_NEAR(moments.mean, 0.0, 0.02);
  EXPECT_NEAR(moments.variance, 1.0, 0.03);
}

}  // namespace
}  // namespace delen
