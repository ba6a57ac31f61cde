#include "policy/reactive_policy.h"

#include <gtest/gtest.h>

#include "policy/testing/waiting_jobs.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using testing::ExitsWithBatches;
using testing::ExpectAnswers;
using testing::ExpectRuns;
using testing::JobSpec;
using testing::WaitingJobs;

const ReactivePolicy kPolicy;

Plan Alone(JobSpec spec, Seconds now) {
  return kPolicy.Choose(WaitingJobs().Add(std::move(spec)).At(now));
}

TEST(ReactivePolicy, OvershootsByUpToAStage) {
  const core::Bounds bounds{.max_latency = 3.1_ms};
  // A tenth of a millisecond is left, the next stage takes three: it runs.
  ExpectRuns(Alone({.bounds = bounds, .confidences = {0.5, 0.5}}, 3_ms), 2);
  ExpectAnswers(Alone({.bounds = bounds, .confidences = {0.5, 0.5, 0.5}}, 6_ms), 2);
}

TEST(ReactivePolicy, GoesOnUntilTheBoundIsOver) {
  const JobSpec job{.bounds = {.max_latency = 3_ms}, .confidences = {0.5, 0.5}};
  ExpectRuns(Alone(job, 3_ms), 2);
  ExpectAnswers(Alone(job, 3.01_ms), 1);
}

TEST(ReactivePolicy, NobodyGoesWithoutAnAnswer) {
  ExpectRuns(Alone({.bounds = {.max_latency = 3_ms}}, 50_ms), 0);
}

TEST(ReactivePolicy, GoesToTheVeryEndWithoutABound) {
  ExpectRuns(Alone({.confidences = {0.9, 0.9, 0.9}}, 6_ms), 3);  // the last exit is no better
  ExpectAnswers(Alone({.confidences = {0.9, 0.9, 0.9, 0.9}}, 10_ms), 3);
}

TEST(ReactivePolicy, LooksAtNoOtherBound) {
  ExpectRuns(Alone({.bounds = {.max_energy = 1_mJ, .min_confidence = 0.5},
                    .confidences = {0.9},
                    .energy = 1_mJ},
                   1_ms),
             1);
}

TEST(ReactivePolicy, FirstComeIsServedToTheEndAloneBeforeTheNext) {
  WaitingJobs jobs{ExitsWithBatches({{2, 1.1}})};
  jobs.Add({.confidences = {0.5}}).Add({.bounds = {.max_latency = 5_ms}}).Add({});
  const Queue queue = jobs.At(1_ms);
  const Plan plan = kPolicy.Choose(queue);
  ExpectRuns(plan, 1);
  ASSERT_EQ(plan.jobs.size(), 1U);
  EXPECT_EQ(queue.jobs[plan.jobs[0]]->id, 1U);
}

}  // namespace
}  // namespace delen::policy
