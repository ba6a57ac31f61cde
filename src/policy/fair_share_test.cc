#include "policy/fair_share.h"

#include <gtest/gtest.h>

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

constexpr TimePoint At(double ms) { return TimePoint(FromMilliseconds(ms)); }

TEST(FairShare, WhoeverIsAloneMayHaveItAll) {
  FairShare fair(2);
  fair.OnActive(0, 1.0, At(0));
  fair.Charge(0, 1000_ms, At(1000));
  EXPECT_FALSE(fair.IsOver(0, At(1000)));
}

TEST(FairShare, AGreedyTenantIsOverWhileTheOtherHasWork) {
  FairShare fair(2);
  fair.OnActive(0, 1.0, At(0));
  fair.OnActive(1, 1.0, At(0));
  fair.Charge(0, 60_ms, At(60));  // was entitled to 30
  EXPECT_TRUE(fair.IsOver(0, At(60)));
  EXPECT_FALSE(fair.IsOver(1, At(60)));
  EXPECT_FALSE(fair.IsOver(0, At(121)));  // 60.5 ms by now
  fair.OnIdle(1, At(121));
  fair.Charge(0, 500_ms, At(200));
  EXPECT_FALSE(fair.IsOver(0, At(200)));  // nobody else wants it
}

TEST(FairShare, WeightsAreShares) {
  FairShare fair(2);
  fair.OnActive(0, 3.0, At(0));
  fair.OnActive(1, 1.0, At(0));
  fair.Charge(0, 70_ms, At(100));
  fair.Charge(1, 30_ms, At(100));
  EXPECT_FALSE(fair.IsOver(0, At(100)));  // 75 are its due
  EXPECT_TRUE(fair.IsOver(1, At(100)));   // 25 are
}

TEST(FairShare, CreditAndDebtAreLimited) {
  FairShare fair(2);
  fair.OnActive(0, 1.0, At(0));
  fair.OnActive(1, 1.0, At(0));
  fair.Charge(1, 10_ms, At(10'000));
  fair.Charge(1, 101_ms, At(10'000));  // of 5,000 ms, 100 of credit were left
  EXPECT_TRUE(fair.IsOver(1, At(10'000)));
  for (int i = 0; i < 3; ++i) fair.Charge(0, 300_ms, At(10'000));
  EXPECT_TRUE(fair.IsOver(0, At(10'190)));
  EXPECT_FALSE(fair.IsOver(0, At(10'201)));  // of 500 ms of debt, 100 were kept
}

}  // namespace
}  // namespace delen::policy
