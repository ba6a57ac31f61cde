#include "policy/thread_choice.h"

#include <gtest/gtest.h>

namespace delen::policy {
namespace {

core::CostTable Costs(int threads, int batch, double ms) {
  const Seconds time = FromMilliseconds(ms);
  return {threads, batch, {{time, time, time, Joules()}}};
}

TEST(ThreadChoice, TakesTheQuickestOfThoseTheMachineHas) {
  core::Profile profile;
  profile.costs = {Costs(1, 1, 10), Costs(2, 1, 6), Costs(4, 1, 3.5)};
  EXPECT_EQ(ChooseThreads(profile, 4), 4);
  EXPECT_EQ(ChooseThreads(profile, 2), 2);
  EXPECT_EQ(ChooseThreads(profile, 1), 1);
}

TEST(ThreadChoice, MoreThreadsMustBeWorthIt) {
  core::Profile profile;
  profile.costs = {Costs(1, 1, 10), Costs(2, 1, 6.3)};
  EXPECT_EQ(ChooseThreads(profile, 2), 1);
  profile.costs = {Costs(1, 1, 10), Costs(2, 1, 6.2)};
  EXPECT_EQ(ChooseThreads(profile, 2), 2);
}

TEST(ThreadChoice, JudgesBySmallestBatch) {
  core::Profile profile;
  profile.costs = {Costs(2, 8, 1), Costs(2, 1, 6), Costs(1, 1, 6)};
  EXPECT_EQ(ChooseThreads(profile, 2), 1);
}

TEST(ThreadChoice, WithoutMeasurementsThereIsNone) {
  EXPECT_EQ(ChooseThreads(core::Profile(), 8), std::nullopt);
}

}  // namespace
}  // namespace delen::policy
