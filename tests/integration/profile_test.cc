// The bundled model imported and profiled on the real runtime, one pool of
// threads after the other. A program of its own: the runtime keeps one
// environment per process, and here each must go before the next comes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <string>
#include <thread>
#include <utility>

#include "backend/ort/ort_backend.h"
#include "base/files.h"
#include "importer/import_model.h"
#include "profiler/machine.h"
#include "profiler/model_profiler.h"

namespace delen::profiler {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

namespace fs = std::filesystem;

std::ptrdiff_t ThreadsOfThisProcess() {
  return std::distance(fs::directory_iterator("/proc/self/task"), fs::directory_iterator());
}

class ProfileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(models_);
    importer::ImportRequest request;
    request.model_file = fs::path(DELEN_SOURCE_DIR) / "zoo/glyphs/glyphs.onnx";
    request.models = models_;
    request.name = "glyphs";
    request.preprocessing.scale = 1.0 / 255.0;
    Result<importer::ImportedModel> imported = importer::ImportModel(request);
    ASSERT_TRUE(imported) << imported.error().message;
    model_ = std::move(imported->model);
    options_.latency = {.batches = {1, 2}, .min_passes = 10, .min_time = 10_ms, .max_time = 100_ms};
  }
  void TearDown() override { fs::remove_all(models_); }

  Result<core::Profile> Run() {
    const OpenBackend open = [this](int threads) -> Result<std::unique_ptr<backend::Backend>> {
      threads_before_.push_back(ThreadsOfThisProcess());
      Result<std::unique_ptr<backend::OrtBackend>> made =
          backend::OrtBackend::Open({.threads = threads});
      if (!made) return std::move(made).error();
      return std::unique_ptr<backend::Backend>(*std::move(made));
    };
    NoProgress progress;
    return ModelProfiler(open, {}, clock_, progress).Run(model_, options_);
  }

  const fs::path models_ =
      fs::path(::testing::TempDir()) / ("profile_test_" + std::to_string(getpid()));
  SteadyClock clock_;
  core::ModelVersion model_;
  ProfileOptions options_;
  std::vector<std::ptrdiff_t> threads_before_;  // each time a backend was opened
};

TEST_F(ProfileTest, MeasuresEachThreadCountOnAPoolOfItsOwn) {
  std::thread([] {}).join();  // with the first thread a sanitizer starts one of its own
  options_.threads = {1, 2, 3};
  const Result<core::Profile> profile = Run();
  ASSERT_TRUE(profile) << profile.error().message;
  ASSERT_EQ(profile->costs.size(), 6U);
  for (const core::CostTable& table : profile->costs) {
    for (const core::StageCost& stage : table.stages) {
      EXPECT_GT(stage.p50, 0_s);
      EXPECT_GT(stage.energy, 0_mJ);
    }
  }
  const std::ptrdiff_t alone = threads_before_.front();
  EXPECT_EQ(threads_before_, (std::vector<std::ptrdiff_t>{alone, alone, alone}));
  EXPECT_EQ(ThreadsOfThisProcess(), alone);
}

TEST_F(ProfileTest, LabelledDataTellsTheExitsApart) {
  const fs::path images = fs::path(DELEN_SOURCE_DIR) / "zoo/glyphs/data/test-images.idx";
  const Result<LabelledData> data = LabelledData::Open(images.string(), model_.spec);
  ASSERT_TRUE(data) << data.error().message;
  options_.threads = {1};
  options_.data = &*data;
  Result<core::Profile> profile = Run();
  ASSERT_TRUE(profile) << profile.error().message;
  ASSERT_TRUE(profile->quality);
  const core::Quality& quality = *profile->quality;
  EXPECT_EQ(quality.samples, 2000);
  for (const core::ExitQuality& exit : quality.exits) {
    EXPECT_GT(exit.accuracy, 0.2);  // chance is 0.028
    EXPECT_LT(exit.calibration_error, 0.1);
  }
  EXPECT_GT(quality.exits.back().accuracy, quality.exits.front().accuracy);
  EXPECT_GE(quality.floor_points.size(), 10U);

  // What was measured is what is written and read back.
  profile->machine = DescribeMachine(backend::RuntimeVersion());
  ASSERT_TRUE(WriteFileAtomically(core::ProfilePath(model_.folder), FormatProfile(*profile)));
  EXPECT_EQ(core::OpenModelVersion(models_, "glyphs").value().profile, *profile);
}

}  // namespace
}  // namespace delen::profiler
