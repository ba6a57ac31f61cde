#include "policy/batching.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "policy/testing/waiting_jobs.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::WaitingJobs;

constexpr std::array kOne = {0.5};

class BatchingTest : public ::testing::Test {
 protected:
  const core::ExitTable other_ = core::testing::SampleExits();
  WaitingJobs jobs_;
};

TEST_F(BatchingTest, IsForJobsOfOneModelAtOneBoundary) {
  jobs_.Add({}).Add({}).Add({.exits = &other_}).Add({.confidences = {0.5}});
  EXPECT_TRUE(MayShareBatch(jobs_.job(0), jobs_.job(1)));
  EXPECT_FALSE(MayShareBatch(jobs_.job(0), jobs_.job(2)));
  EXPECT_FALSE(MayShareBatch(jobs_.job(0), jobs_.job(3)));
}

TEST_F(BatchingTest, NotForThoseThatMustRunAloneNorAcrossTheOrderOfService) {
  jobs_.Add({}).Add({}).Add({.yields = true}).Add({.yields = true});
  EXPECT_FALSE(MayShareBatch(jobs_.job(0), jobs_.job(2)));
  EXPECT_TRUE(MayShareBatch(jobs_.job(2), jobs_.job(3)));
  jobs_.job(1).alone = true;
  EXPECT_FALSE(MayShareBatch(jobs_.job(0), jobs_.job(1)));
  EXPECT_FALSE(MayShareBatch(jobs_.job(1), jobs_.job(0)));
}

TEST_F(BatchingTest, TakesInOrderWhomeverThereIsRoomFor) {
  jobs_.Add({.rows = 2}).Add({.rows = 3}).Add({.exits = &other_}).Add({.rows = 1});
  const Jobs jobs = jobs_.At(0_ms).jobs;
  EXPECT_THAT(BatchOf(jobs, 6), ElementsAre(0, 1, 3));
  EXPECT_THAT(BatchOf(jobs, 5), ElementsAre(0, 1));
  EXPECT_THAT(BatchOf(jobs, 4), ElementsAre(0, 3));
  EXPECT_THAT(BatchOf(jobs, 1), ElementsAre(0));  // the first goes whatever its size
  EXPECT_EQ(RowsOf(jobs, BatchOf(jobs, 6)), 6);
}

TEST_F(BatchingTest, HasLimitedPlaces) {
  for (int i = 0; i < 20; ++i) jobs_.Add({});
  const Jobs jobs = jobs_.At(0_ms).jobs;
  EXPECT_EQ(BatchOf(jobs, 100).size(), kMaxBatch);
  EXPECT_EQ(RowsThatMayJoin(jobs), 20);
}

TEST_F(BatchingTest, CountsTheRowsThatMayJoinTheFirst) {
  jobs_.Add({.rows = 2}).Add({.rows = 5, .exits = &other_}).Add({.rows = 3});
  EXPECT_EQ(RowsThatMayJoin(jobs_.At(0_ms).jobs), 5);
  jobs_.job(0).alone = true;
  EXPECT_EQ(RowsThatMayJoin(jobs_.At(0_ms).jobs), 2);
}

TEST_F(BatchingTest, KnowsTheFirstJobOfEachModel) {
  jobs_.Add({}).Add({.confidences = {0.5}}).Add({.exits = &other_}).Add({}).Add({.exits = &other_});
  EXPECT_THAT(FirstOfEachModel(jobs_.At(0_ms).jobs), ElementsAre(0, 2));
  EXPECT_THAT(FirstOfEachModel({}), IsEmpty());
}

TEST_F(BatchingTest, RunsTheStageAtWhichItsJobsStand) {
  jobs_.Add({}).Add({.confidences = {0.5}}).Add({.confidences = {0.6}});
  const Plan plan = policy::Run(jobs_.At(1_ms), {1, 2});
  EXPECT_EQ(plan.kind, Plan::Kind::kRun);
  EXPECT_THAT(plan.jobs, ElementsAre(1, 2));
  EXPECT_EQ(plan.exit, 1);
  EXPECT_EQ(policy::Run(jobs_.At(1_ms), {0}).exit, 0);
}

TEST_F(BatchingTest, AnotherOrderFindsItsWayBack) {
  jobs_.Add({.rows = 3}).Add({.rows = 1}).Add({.rows = 2}).Add({.rows = 1});
  const Ordered ordered(jobs_.At(0_ms).jobs, [](auto* a, auto* b) { return a->rows < b->rows; });
  EXPECT_EQ(ordered.jobs()[0], &jobs_.job(1));
  EXPECT_EQ(ordered.jobs()[1], &jobs_.job(3));  // equals stay as they were
  EXPECT_EQ(ordered.jobs()[3], &jobs_.job(0));
  EXPECT_THAT(ordered.Indices({0, 1, 2, 3}), ElementsAre(1, 3, 2, 0));
}

TEST_F(BatchingTest, AnotherOrderIsOfTheFirstJobsOnly) {
  for (std::size_t i = 0; i <= Ordered::kMaxOrdered; ++i) jobs_.Add({});
  const Ordered ordered(jobs_.At(0_ms).jobs, [](auto* a, auto* b) { return a->id > b->id; });
  EXPECT_EQ(ordered.jobs().size(), Ordered::kMaxOrdered);
  EXPECT_EQ(ordered.jobs()[0]->id, Ordered::kMaxOrdered);
}

TEST_F(BatchingTest, RowsAreCountedByBoundary) {
  jobs_.Add({.rows = 2}).Add({.confidences = {0.5}}).Add({.rows = 3}).Add({.exits = &other_});
  const Boundaries boundaries(jobs_.At(0_ms).jobs);
  EXPECT_EQ(boundaries.rows(jobs_.job(0)), 5);
  EXPECT_EQ(boundaries.rows(jobs_.job(1)), 1);
  EXPECT_EQ(boundaries.rows(jobs_.job(3)), 1);
}

TEST_F(BatchingTest, AJobThatWasNotCountedHasAtLeastItsOwnRows) {
  jobs_.Add({.rows = 2});
  const Boundaries boundaries(jobs_.At(0_ms).jobs);
  WaitingJobs others;
  others.Add({.rows = 4}).Add({.rows = 7, .exits = &jobs_.exits()}).Add({.exits = &jobs_.exits()});
  EXPECT_EQ(boundaries.rows(others.job(0)), 4);  // of another model
  EXPECT_EQ(boundaries.rows(others.job(1)), 7);
  EXPECT_EQ(boundaries.rows(others.job(2)), 2);
  others.job(2).confidences = kOne;
  EXPECT_EQ(boundaries.rows(others.job(2)), 1);
}

}  // namespace
}  // namespace delen::policy
