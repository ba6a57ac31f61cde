#include "profiler/latency_profile.h"

#include <gtest/gtest.h>

#include <string>

#include "core/testing/sample_model.h"
#include "power/testing/fake_power_meter.h"
#include "profiler/testing/fake_backend.h"

namespace delen::profiler {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

class RecordedProgress final : public Progress {
 public:
  void Report(std::size_t done, std::size_t total, std::string_view label) override {
    rises = rises && done >= last_done;
    last_done = done;
    last_total = total;
    last_label = label;
  }
  std::size_t last_done = 0;
  std::size_t last_total = 0;
  std::string last_label;
  bool rises = true;
};

// core's sample model: stages of 1, 2, 3 and 4 ms whatever the batch.
class LatencyProfileTest : public ::testing::Test {
 protected:
  Result<std::vector<core::CostTable>> Measure() {
    return MeasureLatency(backend_, model_, 2, options_, gauge_, clock_, progress_);
  }

  delen::testing::ManualClock clock_;
  testing::FakeBackend backend_{
      clock_,
      {{1_ms, {0.0F, 1.0F}}, {2_ms, {0.0F, 1.0F}}, {3_ms, {0.0F, 1.0F}}, {4_ms, {0.0F, 1.0F}}}};
  core::ModelVersion model_ = core::testing::SampleModel();
  LatencyOptions options_;
  EnergyGauge gauge_;
  RecordedProgress progress_;
};

TEST_F(LatencyProfileTest, GivesATablePerBatchSize) {
  options_.batches = {4, 1, 4};
  const std::vector<core::CostTable> tables = Measure().value();
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].batch, 1);
  EXPECT_EQ(tables[1].batch, 4);
  for (const core::CostTable& table : tables) {
    EXPECT_EQ(table.threads, 2);
    ASSERT_EQ(table.stages.size(), 4U);
    for (std::size_t stage = 0; stage < 4; ++stage) {
      const double ms = static_cast<double>(stage) + 1;
      EXPECT_NEAR(InMilliseconds(table.stages[stage].p50), ms, 1e-9);
      EXPECT_NEAR(InMilliseconds(table.stages[stage].p99), ms, 1e-9);
      // Two threads at 2 W.
      EXPECT_NEAR(InMillijoules(table.stages[stage].energy), 4 * ms, 1e-6);
    }
  }
}

TEST_F(LatencyProfileTest, RunsUntilBothTimeAndPassesAreEnough) {
  options_.batches = {1};
  ASSERT_TRUE(Measure());
  // 200 passes of 10 ms; blocks of 10 passes, each with one to warm up.
  EXPECT_NEAR(clock_.Now().since_origin().value(), 2.2, 0.05);
}

TEST_F(LatencyProfileTest, StopsWhenItsTimeIsSpent) {
  options_.batches = {1};
  options_.max_time = 300_ms;
  ASSERT_TRUE(Measure());
  EXPECT_NEAR(clock_.Now().since_origin().value(), 0.33, 0.05);
  options_.max_time = 0_s;  // not even one pass would fit, but one is needed
  EXPECT_EQ(Measure().value().size(), 1U);
}

TEST_F(LatencyProfileTest, SharesOutMeteredEnergyWithoutTheIdlePart) {
  power::testing::FakePowerMeter meter(clock_, 30_W);
  gauge_.meter = &meter;
  gauge_.idle = 20_W;
  options_.batches = {1};
  const std::vector<core::CostTable> tables = Measure().value();
  EXPECT_NEAR(InMillijoules(tables[0].stages[0].energy), 10.0, 1e-6);
  EXPECT_NEAR(InMillijoules(tables[0].stages[3].energy), 40.0, 1e-6);
  meter.broken = true;
  EXPECT_EQ(Measure().error().message, "the meter is broken");
}

TEST_F(LatencyProfileTest, TellsHowFarItIs) {
  options_.batches = {1, 2};
  ASSERT_TRUE(Measure());
  EXPECT_TRUE(progress_.rises);
  EXPECT_GT(progress_.last_done, 150U);
  EXPECT_EQ(progress_.last_total, 200U);
  EXPECT_EQ(progress_.last_label, "latency on 2 threads");
}

TEST_F(LatencyProfileTest, AModelOfOneBatchSizeIsMeasuredAtThat) {
  model_.spec.inputs[0].shape = {1, 4};
  const std::vector<core::CostTable> tables = Measure().value();
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].batch, 1);
}

TEST_F(LatencyProfileTest, HandsOnErrors) {
  backend_.stages[2].fails = true;
  EXPECT_EQ(Measure().error().message, "stage 2 failed");
  options_.batches = {0};
  EXPECT_EQ(Measure().error().message, "a batch size is 0, expected at least 1");
  options_.batches = {};
  EXPECT_EQ(Measure().error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace delen::profiler
