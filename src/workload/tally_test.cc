#include "workload/tally.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delen::workload {
namespace {

using namespace literals;
using ::testing::ElementsAre;

core::Account AnswerFrom(int exit, Seconds latency, bool kept) {
  core::Account account;
  account.exit = exit;
  account.accuracy_estimate = 0.5 + 0.1 * exit;
  account.latency = latency;
  account.energy = 2_mJ;
  if (!kept) account.missed.Add(core::Bound::kLatency);
  return account;
}

TEST(Tally, CountsAnswersByExitAndBounds) {
  Tally tally;
  tally.arrived = 4;
  tally.refused = 1;
  tally.OnAnswer(AnswerFrom(2, 3_ms, true));
  tally.OnAnswer(AnswerFrom(0, 9_ms, false));
  tally.OnAnswer(AnswerFrom(2, 1_ms, true));
  EXPECT_EQ(tally.answered, 3U);
  EXPECT_EQ(tally.kept, 2U);
  EXPECT_THAT(tally.exits, ElementsAre(1, 0, 2));
  EXPECT_EQ(tally.latency.max(), 9_ms);
  EXPECT_DOUBLE_EQ(tally.energy.value(), 0.006);
  EXPECT_DOUBLE_EQ(tally.MeanAccuracy(), (0.7 + 0.5 + 0.7) / 3);
  EXPECT_DOUBLE_EQ(tally.ViolationRate(), 0.5);
  EXPECT_DOUBLE_EQ(tally.AdmittedViolationRate(), 1.0 / 3);
}

TEST(Tally, OfNothingIsZero) {
  const Tally tally;
  EXPECT_EQ(tally.ViolationRate(), 0.0);
  EXPECT_EQ(tally.AdmittedViolationRate(), 0.0);
  EXPECT_EQ(tally.MeanAccuracy(), 0.0);
}

TEST(Tally, MergesWhateverTheDepths) {
  Tally shallow;
  shallow.arrived = 1;
  shallow.OnAnswer(AnswerFrom(0, 1_ms, true));
  Tally deep;
  deep.arrived = 2;
  deep.dropped = 1;
  deep.OnAnswer(AnswerFrom(3, 5_ms, false));
  shallow.Merge(deep);
  EXPECT_EQ(shallow.arrived, 3U);
  EXPECT_EQ(shallow.dropped, 1U);
  EXPECT_EQ(shallow.kept, 1U);
  EXPECT_THAT(shallow.exits, ElementsAre(1, 0, 0, 1));
  EXPECT_EQ(shallow.latency.count(), 2U);
}

}  // namespace
}  // namespace delen::workload
