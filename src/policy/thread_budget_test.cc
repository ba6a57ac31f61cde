#include "policy/thread_budget.h"

#include <gtest/gtest.h>

namespace delen::policy {
namespace {

TimePoint At(double seconds) { return TimePoint(Seconds(seconds)); }

TEST(ThreadBudget, ABusyNeighbourLeavesOneThread) {
  ThreadBudget budget(2, 2);
  EXPECT_FALSE(budget.narrow());
  budget.Update(0.4, At(1.0));
  EXPECT_FALSE(budget.narrow());
  budget.Update(1.0, At(1.1));
  EXPECT_TRUE(budget.narrow());
}

TEST(ThreadBudget, AllThreadsReturnAfterAQuietWhile) {
  ThreadBudget budget(2, 2);
  budget.Update(2.0, At(1.0));
  budget.Update(0.1, At(1.4));
  EXPECT_TRUE(budget.narrow());
  budget.Update(0.1, At(1.5));
  EXPECT_FALSE(budget.narrow());
}

TEST(ThreadBudget, DoesNotFlutterWithANeighbourThatComesAndGoes) {
  ThreadBudget budget(2, 2);
  for (int i = 0; i < 20; ++i) {
    budget.Update(i % 2 == 0 ? 1.0 : 0.0, At(1.0 + 0.1 * i));
    EXPECT_TRUE(budget.narrow()) << i;
  }
}

TEST(ThreadBudget, NeighboursMayHaveTheCoresThatStagesDoNotUse) {
  ThreadBudget budget(4, 2);
  budget.Update(2.0, At(1.0));
  EXPECT_FALSE(budget.narrow());
  budget.Update(2.6, At(1.1));
  EXPECT_TRUE(budget.narrow());
}

TEST(ThreadBudget, OneThreadIsNeverTooMany) {
  ThreadBudget budget(2, 1);
  budget.Update(2.0, At(1.0));
  EXPECT_FALSE(budget.narrow());
}

}  // namespace
}  // namespace delen::policy
