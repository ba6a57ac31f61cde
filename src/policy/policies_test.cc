#include "policy/policies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/testing/waiting_jobs.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using ::testing::ElementsAre;
using testing::WaitingJobs;

std::unique_ptr<Policy> Make(std::string_view name) {
  Result<std::unique_ptr<Policy>> policy = MakePolicy(name, 0_ms);
  EXPECT_TRUE(policy) << policy.error().message;
  return std::move(policy).value();
}

std::string ErrorOf(std::string_view name) {
  const Result<std::unique_ptr<Policy>> policy = MakePolicy(name, 0_ms);
  EXPECT_FALSE(policy) << name;
  if (policy) return "";
  EXPECT_EQ(policy.error().code, ErrorCode::kInvalidArgument);
  return policy.error().message;
}

// How far a policy would run a single new job without looking up.
int FirstRunOf(std::string_view name) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 11_ms}});
  const Plan plan = Make(name)->Choose(jobs.At(0_ms));
  EXPECT_EQ(plan.kind, Plan::Kind::kRun) << name;
  return plan.exit;
}

bool LeavesAtTheFirstExit(std::string_view name, double confidence) {
  WaitingJobs jobs;
  jobs.Add({.confidences = {confidence}});
  return Make(name)->Choose(jobs.At(1_ms)).kind == Plan::Kind::kAnswer;
}

TEST(Policies, AreCalled) {
  EXPECT_THAT(PolicyNames(),
              ElementsAre("delen", "reactive", "static-exit", "all-final", "edf-final", "all-early",
                          "symphony", "edgeserving", "confidence"));
}

TEST(Policies, EveryNameMakesOneThatIsAtHomeWithNothingToDo) {
  for (const std::string& name : PolicyNames()) {
    const Plan plan = Make(name)->Choose({});
    EXPECT_EQ(plan.kind, Plan::Kind::kWait) << name;
    EXPECT_EQ(plan.until, TimePoint::Never()) << name;
  }
}

TEST(Policies, NamesMeanWhatTheySay) {
  EXPECT_EQ(FirstRunOf("delen"), 0);  // looks up at every exit
  EXPECT_EQ(FirstRunOf("reactive"), 0);
  EXPECT_EQ(FirstRunOf("confidence"), 0);
  EXPECT_EQ(FirstRunOf("all-early"), 0);
  EXPECT_EQ(FirstRunOf("all-final"), 3);
  EXPECT_EQ(FirstRunOf("edf-final"), 3);
  EXPECT_EQ(FirstRunOf("edgeserving"), 3);
  EXPECT_EQ(FirstRunOf("symphony"), 3);
}

TEST(Policies, OnlyEdfFinalLooksAtDeadlines) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 30_ms}}).Add({.bounds = {.max_latency = 20_ms}});
  const Queue queue = jobs.At(0_ms);
  EXPECT_EQ(queue.jobs[Make("edf-final")->Choose(queue).jobs[0]]->id, 2U);
  EXPECT_EQ(queue.jobs[Make("all-final")->Choose(queue).jobs[0]]->id, 1U);
}

TEST(Policies, StaticExitTakesAnExit) {
  EXPECT_EQ(FirstRunOf("static-exit:2"), 2);
  EXPECT_EQ(FirstRunOf("static-exit:1000"), 3);  // the model has no more
  EXPECT_EQ(FirstRunOf("static-exit"), 0);
}

TEST(Policies, ConfidenceTakesAThreshold) {
  EXPECT_TRUE(LeavesAtTheFirstExit("confidence:0.35", 0.35));
  EXPECT_FALSE(LeavesAtTheFirstExit("confidence:0.35", 0.34));
  EXPECT_TRUE(LeavesAtTheFirstExit("confidence", 0.8));
  EXPECT_FALSE(LeavesAtTheFirstExit("confidence", 0.79));
}

TEST(Policies, DelenKeepsTheReserve) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 3.4_ms}, .confidences = {0.5}});
  EXPECT_EQ(Make("delen")->Choose(jobs.At(1_ms)).kind, Plan::Kind::kRun);
  EXPECT_EQ(MakePolicy("delen", 0.5_ms).value()->Choose(jobs.At(1_ms)).kind, Plan::Kind::kAnswer);
}

TEST(Policies, WhatNobodyIsCalledIsAnErrorThatNamesThemAll) {
  EXPECT_EQ(ErrorOf("alert"),
            "no policy is called 'alert'; there are: delen, reactive, static-exit, all-final, "
            "edf-final, all-early, symphony, edgeserving, confidence");
  EXPECT_EQ(ErrorOf("").substr(0, 32), "no policy is called ''; there ar");
}

TEST(Policies, ANumberMustBeOne) {
  EXPECT_EQ(ErrorOf("confidence:high"),
            "policy 'confidence:high': expected a number after the colon, got 'high'");
  EXPECT_EQ(ErrorOf("confidence:"),
            "policy 'confidence:': expected a number after the colon, got ''");
  EXPECT_EQ(ErrorOf("static-exit:-1"),
            "policy 'static-exit:-1': expected a number after the colon, got '-1'");
  EXPECT_EQ(ErrorOf("static-exit:2x"),
            "policy 'static-exit:2x': expected a number after the colon, got '2x'");
}

TEST(Policies, MostTakeNoNumber) {
  EXPECT_EQ(ErrorOf("delen:2"), "policy 'delen' takes no number, got 'delen:2'");
}

}  // namespace
}  // namespace delen::policy
