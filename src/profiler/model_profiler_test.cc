#include "profiler/model_profiler.h"

#include <gtest/gtest.h>

#include "core/testing/sample_model.h"
#include "power/testing/fake_power_meter.h"
#include "profiler/testing/fake_backend.h"

namespace delen::profiler {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

// core's sample model, whose second class always wins.
class ModelProfilerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    model_.spec.inputs[0].shape = {-1, 1, 2, 2};
    options_.latency.batches = {1, 2};
  }

  Result<core::Profile> Run() {
    const OpenBackend open = [this](int threads) -> Result<std::unique_ptr<backend::Backend>> {
      opened_.push_back(threads);
      return std::unique_ptr<backend::Backend>(new testing::FakeBackend(
          clock_, std::vector<backend::testing::FakeStage>(4, {1_ms, {0.0F, 1.0F}})));
    };
    NoProgress progress;
    return ModelProfiler(open, gauge_, clock_, progress).Run(model_, options_);
  }

  LabelledData ThreeOfFourInTheSecondClass() const {
    LabelledBytes bytes;
    bytes.content = std::string(16, '\0');
    bytes.shape = {1, 2, 2};
    bytes.sample_bytes = 4;
    bytes.stride = 4;
    bytes.labels = {1, 1, 0, 1};
    return LabelledData::Make(std::move(bytes), model_.spec, "four").value();
  }

  delen::testing::ManualClock clock_;
  core::ModelVersion model_ = core::testing::SampleModel();
  ProfileOptions options_{.threads = {2, 1, 2}};
  EnergyGauge gauge_;
  std::vector<int> opened_;
};

TEST_F(ModelProfilerTest, MeasuresEachThreadCountOnce) {
  const core::Profile profile = Run().value();
  EXPECT_EQ(opened_, (std::vector<int>{1, 2}));
  ASSERT_EQ(profile.costs.size(), 4U);
  EXPECT_EQ(profile.costs[0].threads, 1);
  EXPECT_EQ(profile.costs[1].batch, 2);
  EXPECT_EQ(profile.costs[2].threads, 2);
  EXPECT_EQ(profile.stage_flops, model_.profile.stage_flops);
}

TEST_F(ModelProfilerTest, WithoutDataWhatWasKnownOfQualityStays) {
  EXPECT_EQ(Run().value().quality, model_.profile.quality);
  model_.profile.quality.reset();
  EXPECT_EQ(Run().value().quality, std::nullopt);
}

TEST_F(ModelProfilerTest, LabelledDataTellsQualityAnew) {
  const LabelledData data = ThreeOfFourInTheSecondClass();
  options_.data = &data;
  const core::Profile profile = Run().value();
  ASSERT_TRUE(profile.quality);
  EXPECT_EQ(profile.quality->data, "four");
  EXPECT_EQ(profile.quality->samples, 4);
  ASSERT_EQ(profile.quality->exits.size(), 4U);
  EXPECT_EQ(profile.quality->exits[3].accuracy, 0.75);
  // All exits say the same: the first is as good as any.
  ASSERT_EQ(profile.quality->floor_points.size(), 1U);
  EXPECT_EQ(profile.quality->floor_points[0].flops, 100);
}

TEST_F(ModelProfilerTest, SaysWhereEnergyComesFrom) {
  EXPECT_EQ(Run().value().energy_source, EnergySource::kModel);
  power::testing::FakePowerMeter meter(clock_, 30_W);
  gauge_.meter = &meter;
  EXPECT_EQ(Run().value().energy_source, EnergySource::kRapl);
}

TEST_F(ModelProfilerTest, NeedsAThreadCount) {
  options_.threads = {};
  EXPECT_EQ(Run().error().code, ErrorCode::kInvalidArgument);
  options_.threads = {0, 1};
  EXPECT_EQ(Run().error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace delen::profiler
