#include "policy/confidence_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/testing/waiting_jobs.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using ::testing::ElementsAre;
using testing::ExitsWithBatches;
using testing::ExpectAnswers;
using testing::ExpectRuns;
using testing::JobSpec;
using testing::WaitingJobs;

const ConfidencePolicy kPolicy{0.75};

Plan Alone(JobSpec spec, Seconds now) {
  return kPolicy.Choose(WaitingJobs().Add(std::move(spec)).At(now));
}

TEST(ConfidencePolicy, LeavesAtTheFirstExitThatIsSureEnough) {
  ExpectRuns(Alone({.confidences = {0.74}}, 1_ms), 1);
  ExpectAnswers(Alone({.confidences = {0.75}}, 1_ms), 0);
  ExpectAnswers(Alone({.confidences = {0.5, 0.8}}, 3_ms), 1);
}

TEST(ConfidencePolicy, LooksAtTheExitJustReachedOnly) {
  ExpectRuns(Alone({.confidences = {0.9, 0.6}}, 3_ms), 2);
}

TEST(ConfidencePolicy, AtTheLastExitThereIsNothingToWaitFor) {
  ExpectRuns(Alone({.confidences = {0.1, 0.1, 0.1}}, 6_ms), 3);
  ExpectAnswers(Alone({.confidences = {0.1, 0.1, 0.1, 0.1}}, 10_ms), 3);
}

TEST(ConfidencePolicy, LooksAtNoBound) {
  ExpectRuns(Alone({.bounds = {.max_latency = 1_ms}, .confidences = {0.5}}, 5_ms), 1);
}

TEST(ConfidencePolicy, WhoIsSureLeavesBeforeAnyoneRuns) {
  WaitingJobs jobs;
  jobs.Add({}).Add({.confidences = {0.9}});
  const Plan plan = kPolicy.Choose(jobs.At(1_ms));
  ExpectAnswers(plan, 0);
  EXPECT_THAT(plan.jobs, ElementsAre(1));
}

TEST(ConfidencePolicy, FirstComeIsServedFirstWithThoseAtItsBoundary) {
  WaitingJobs jobs{ExitsWithBatches({{2, 1.2}})};
  jobs.Add({.bounds = {.max_latency = 90_ms}, .confidences = {0.5}})
      .Add({.bounds = {.max_latency = 10_ms}})
      .Add({.bounds = {.max_latency = 50_ms}, .confidences = {0.5}});
  const Queue queue = jobs.At(1_ms);
  const Plan plan = kPolicy.Choose(queue);
  ExpectRuns(plan, 1);
  ASSERT_EQ(plan.jobs.size(), 2U);
  EXPECT_EQ(queue.jobs[plan.jobs[0]]->id, 1U);
  EXPECT_EQ(queue.jobs[plan.jobs[1]]->id, 3U);
}

}  // namespace
}  // namespace delen::policy
