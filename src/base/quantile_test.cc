#include "base/quantile.h"

#include <gtest/gtest.h>

namespace delen {
namespace {

TEST(Quantile, IsTheNearestRank) {
  const std::vector<double> samples = {5, 1, 4, 2, 3};
  EXPECT_EQ(Quantile(samples, 0.5), 3);
  EXPECT_EQ(Quantile(samples, 0.2), 1);
  EXPECT_EQ(Quantile(samples, 0.21), 2);
  EXPECT_EQ(Quantile(samples, 0.99), 5);
  EXPECT_EQ(Quantile(samples, 1.0), 5);
}

TEST(Quantile, OfOneSampleIsThatSample) { EXPECT_EQ(Quantile({7}, 0.01), 7); }

}  // namespace
}  // namespace delen
