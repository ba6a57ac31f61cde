#include "admission/admission.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "executor/testing/sample_served_model.h"

namespace delen::admission {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

// Writes down what is refused. The lane of these tests does not know it.
class RefusalLog final : public scheduler::LaneObserver {
 public:
  void OnStage(const scheduler::StageRun&) override {}
  void OnAnswer(const scheduler::AnsweredRequest&) override {}
  void OnRefused(std::string_view tenant, std::string_view model, ErrorCode why) override {
    lines.push_back(fmt::format("{} of '{}': {}", model, tenant, Name(why)));
  }

  std::vector<std::string> lines;
};

class AdmissionTest : public ::testing::Test {
 protected:
  AdmissionTest() { models_.Add(executor::testing::SampleServedModel(clock_)); }

  static core::Request NewRequest() {
    core::Request request;
    request.model = "sample";
    request.inputs = executor::testing::SampleInputs();
    return request;
  }
  Result<core::Response> Infer(core::Request request) {
    std::promise<Result<core::Response>> promise;
    admission_.Submit(std::move(request),
                      [&](auto response) { promise.set_value(std::move(response)); });
    return promise.get_future().get();
  }

  delen::testing::ManualClock clock_;
  executor::ModelRepository models_;
  std::unique_ptr<tenants::TenantRegistry> tenants_ =
      tenants::TenantRegistry::Open(nullptr, [](std::string_view) { return Status(); }).value();
  scheduler::Lane lane_{{}, clock_};
  RefusalLog refused_;
  Admission admission_{{.max_rows = 8}, models_, lane_, *tenants_, clock_, &refused_};
};

TEST_F(AdmissionTest, LetsAGoodRequestThrough) {
  const Result<core::Response> response = Infer(NewRequest());
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->version, 1);
  EXPECT_EQ(response->account.exit, 2);
}

TEST_F(AdmissionTest, ABatchRunsAsOne) {
  core::Request request = NewRequest();
  request.inputs = executor::testing::SampleInputs(7);
  EXPECT_EQ(Infer(request)->output.shape, (core::Shape{7, 2}));
}

TEST_F(AdmissionTest, TurnsAwayWhatCannotRun) {
  core::Request unknown = NewRequest();
  unknown.model = "other";
  EXPECT_EQ(Infer(unknown).error().code, ErrorCode::kNotFound);

  core::Request empty = NewRequest();
  empty.inputs.clear();
  EXPECT_EQ(Infer(empty).error().code, ErrorCode::kInvalidArgument);

  core::Request rule = NewRequest();
  rule.stop_rule =
      std::make_shared<core::StopRule>(std::vector<core::Condition>(3, core::Condition()));
  EXPECT_EQ(Infer(rule).error().message,
            "the stop rule has 3 conditions, expected 1 or one per exit: 4");
}

TEST_F(AdmissionTest, ServesOnTheTenantsTerms) {
  ASSERT_TRUE(tenants_->Put({.name = "eager", .bounds = {.objective = core::Objective::kLatency}}));
  ASSERT_TRUE(tenants_->Put({.name = "thorough", .policy = "all-final"}));
  core::Request request = NewRequest();
  request.tenant = "eager";
  EXPECT_EQ(Infer(request)->account.exit, 0);
  EXPECT_EQ(Infer(request)->tenant, "eager");
  request.tenant = "thorough";
  EXPECT_EQ(Infer(request)->account.exit, 3);
}

TEST_F(AdmissionTest, WhatIsTurnedAwayTakesNothingOfTheQuotas) {
  ASSERT_TRUE(tenants_->Put({.name = "robot", .quotas = {.max_in_flight = 1}}));
  core::Request request = NewRequest();
  request.tenant = "robot";
  core::Request hopeless = request;
  hopeless.bounds = {.max_latency = 0.1_ms, .on_infeasible = core::OnInfeasible::kReject};
  core::Request empty = request;
  empty.inputs.clear();
  EXPECT_EQ(Infer(hopeless).error().code, ErrorCode::kInfeasible);
  EXPECT_EQ(Infer(empty).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(Infer(request));
}

TEST_F(AdmissionTest, TellsItsObserverWhatItTurnsAway) {
  ASSERT_TRUE(tenants_->Put({.name = "robot", .quotas = {.requests_per_second = 0.1}}));
  core::Request request = NewRequest();
  request.tenant = "robot";
  core::Request unknown = request;
  unknown.model = "other";
  core::Request empty = NewRequest();
  empty.inputs.clear();
  EXPECT_FALSE(Infer(unknown));
  EXPECT_FALSE(Infer(empty));
  EXPECT_TRUE(Infer(request));
  EXPECT_FALSE(Infer(request));  // that was its one in ten seconds
  const std::vector<std::string> expected = {
      "other of 'robot': not found",
      "sample of '': invalid argument",
      "sample of 'robot': overloaded",
  };
  EXPECT_EQ(refused_.lines, expected);
}

}  // namespace
}  // namespace delen::admission
