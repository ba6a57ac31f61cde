#include "admission/tenant_gate.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/testing/manual_clock.h"

namespace delen::admission {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using scheduler::Submission;

class TenantGateTest : public ::testing::Test {
 protected:
  void Register(const core::Tenant& tenant) { ASSERT_TRUE(registry_->Put(tenant)); }

  // A submission of the tenant called `name`; its answer goes to `answer_`.
  Submission NewSubmission(std::string name, core::Bounds bounds = {}) {
    Submission submission;
    submission.request.tenant = std::move(name);
    submission.request.bounds = bounds;
    submission.done = [this](Result<core::Response> response) { answer_ = std::move(response); };
    return submission;
  }
  std::string Say(std::string name) {
    Submission submission = NewSubmission(std::move(name));
    const Status entered = gate_.Enter(submission);
    return entered ? "" : entered.error().message;
  }
  static void Answer(const Submission& submission, Joules energy = {}) {
    core::Response response;
    response.account.energy = energy;
    submission.done(std::move(response));
  }

  delen::testing::ManualClock clock_;
  std::unique_ptr<tenants::TenantRegistry> registry_ =
      tenants::TenantRegistry::Open(nullptr, [](std::string_view) { return Status(); }).value();
  TenantGate gate_{*registry_, UnknownTenant::kDefault, 0.05_ms, clock_};
  std::optional<Result<core::Response>> answer_;
};

TEST_F(TenantGateTest, TheTenantsTermsAreFilledIn) {
  Register({.name = "robot",
            .bounds = {.max_latency = 20_ms, .max_energy = 5_mJ},
            .weight = 2.5,
            .policy = "all-final"});
  Submission submission = NewSubmission("robot", {.max_latency = 10_ms});
  ASSERT_TRUE(gate_.Enter(submission));
  EXPECT_EQ(submission.request.bounds, (core::Bounds{.max_latency = 10_ms, .max_energy = 5_mJ}));
  EXPECT_EQ(submission.tenant.index, registry_->Find("robot").value()->index);
  EXPECT_EQ(submission.tenant.weight, 2.5);
  ASSERT_NE(submission.policy, nullptr);
  EXPECT_EQ(submission.tenant.policy, submission.policy.get());
}

TEST_F(TenantGateTest, TenantsThatNameOnePolicyShareIt) {
  Register({.name = "robot"});
  Register({.name = "camera"});
  Submission robot = NewSubmission("robot");
  Submission camera = NewSubmission("camera");
  ASSERT_TRUE(gate_.Enter(robot));
  ASSERT_TRUE(gate_.Enter(camera));
  EXPECT_NE(robot.tenant.index, camera.tenant.index);
  EXPECT_EQ(robot.policy, camera.policy);
}

TEST_F(TenantGateTest, AChangeCountsFromTheNextRequestOn) {
  Register({.name = "robot", .policy = "all-final"});
  Submission before = NewSubmission("robot");
  ASSERT_TRUE(gate_.Enter(before));
  Register({.name = "robot", .bounds = {.max_latency = 7_ms}, .policy = "all-early"});
  Submission after = NewSubmission("robot");
  ASSERT_TRUE(gate_.Enter(after));
  EXPECT_EQ(before.request.bounds.max_latency, std::nullopt);
  EXPECT_EQ(after.request.bounds.max_latency, 7_ms);
  EXPECT_NE(before.policy, after.policy);
  EXPECT_EQ(before.tenant.index, after.tenant.index);
}

TEST_F(TenantGateTest, TheAnswerSaysTheTenantIfTheRequestDid) {
  Submission named = NewSubmission("default");
  ASSERT_TRUE(gate_.Enter(named));
  Answer(named);
  EXPECT_EQ((*answer_)->tenant, "default");
  Submission unnamed = NewSubmission("");
  ASSERT_TRUE(gate_.Enter(unnamed));
  EXPECT_EQ(unnamed.request.tenant, "default");
  Answer(unnamed);
  EXPECT_EQ((*answer_)->tenant, "");
}

TEST_F(TenantGateTest, UnknownTenantsAreServedAsTheDefaultOrRefused) {
  Register({.name = "default", .bounds = {.max_latency = 20_ms}});
  Submission served = NewSubmission("nobody");
  ASSERT_TRUE(gate_.Enter(served));
  EXPECT_EQ(served.request.bounds.max_latency, 20_ms);
  Answer(served);
  EXPECT_EQ((*answer_)->tenant, "default");

  TenantGate strict(*registry_, UnknownTenant::kRefuse, 0.05_ms, clock_);
  Submission refused = NewSubmission("nobody");
  const Status entered = strict.Enter(refused);
  ASSERT_FALSE(entered);
  EXPECT_EQ(entered.error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(entered.error().message, "unknown tenant 'nobody'");
  Submission unnamed = NewSubmission("");
  EXPECT_TRUE(strict.Enter(unnamed));
}

TEST_F(TenantGateTest, AUsedUpQuotaRefusesAndSaysWhenToComeBack) {
  Register({.name = "robot", .quotas = {.requests_per_second = 0.25}});
  EXPECT_EQ(Say("robot"), "");
  clock_.Advance(1_s);
  Submission second = NewSubmission("robot");
  const Status entered = gate_.Enter(second);
  ASSERT_FALSE(entered);
  EXPECT_EQ(entered.error().code, ErrorCode::kOverloaded);
  ASSERT_TRUE(entered.error().retry_after);
  EXPECT_NEAR(entered.error().retry_after->value(), 3.0, 1e-9);
  EXPECT_EQ(Say("camera"), "");  // the others' quotas are their own
  clock_.Advance(3_s);
  EXPECT_EQ(Say("robot"), "");
}

TEST_F(TenantGateTest, EveryEndFreesAPlace) {
  Register({.name = "robot", .quotas = {.max_in_flight = 1}});
  for (int i = 0; i < 3; ++i) {
    Submission submission = NewSubmission("robot");
    ASSERT_TRUE(gate_.Enter(submission)) << i;
    EXPECT_NE(Say("robot"), "");
    if (i == 0) {
      submission.done(MakeError(ErrorCode::kCancelled, "gone"));
      EXPECT_EQ(answer_->error().code, ErrorCode::kCancelled);
    } else {
      Answer(submission);
    }
  }
}

TEST_F(TenantGateTest, AnswersArePaidForInEnergy) {
  Register({.name = "robot", .quotas = {.energy_per_hour = Joules(1.0)}});
  Submission submission = NewSubmission("robot");
  ASSERT_TRUE(gate_.Enter(submission));
  EXPECT_EQ(Say("robot"), "");
  Answer(submission, Joules(1.5));
  EXPECT_EQ(Say("robot"), "tenant 'robot' has used 1.500 J of its energy_j_per_hour of 1");
}

TEST_F(TenantGateTest, ARemovedTenantsIndexIsKeptUntilItsRequestsAreThrough) {
  Register({.name = "robot"});
  Submission submission = NewSubmission("robot");
  ASSERT_TRUE(gate_.Enter(submission));
  ASSERT_TRUE(registry_->Remove("robot"));
  for (std::uint32_t i = 2; i < tenants::kMaxTenants; ++i) {
    Register({.name = fmt::format("t{}", i)});
  }
  EXPECT_FALSE(registry_->Put({.name = "late"}));
  Answer(submission);
  submission = {};
  ASSERT_TRUE(registry_->Put({.name = "late"}));
  EXPECT_EQ(registry_->Find("late").value()->index, 1U);
}

TEST_F(TenantGateTest, WhatWasLetInMayOutliveTheGate) {
  Submission submission = NewSubmission("robot");
  {
    TenantGate gate(*registry_, UnknownTenant::kDefault, 0.05_ms, clock_);
    ASSERT_TRUE(gate.Enter(submission));
  }
  Answer(submission);
  EXPECT_TRUE(*answer_);
}

}  // namespace
}  // namespace delen::admission
