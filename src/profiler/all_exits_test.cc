#include "profiler/all_exits.h"

#include <gtest/gtest.h>

#include "profiler/testing/fake_backend.h"

namespace delen::profiler {
namespace {

// `labels.size()` samples of one pixel each.
LabelledBytes Pixels(std::vector<std::int32_t> labels) {
  LabelledBytes bytes;
  bytes.content = std::string(labels.size(), '\x80');
  bytes.shape = {1, 1, 1};
  bytes.sample_bytes = 1;
  bytes.stride = 1;
  bytes.labels = std::move(labels);
  return bytes;
}

// Two exits of two classes: the first says 0, the second 1.
class AllExitsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    model_.spec.name = "two";
    model_.spec.inputs = {{"x", core::DataType::kFp32, {-1, 1, 1, 1}}};
    model_.spec.output = {"y", core::DataType::kFp32, {-1, 2}};
    model_.spec.exits = {"a", "b"};
  }

  Result<Answers> Run(const std::vector<std::int32_t>& labels) {
    const LabelledData data = LabelledData::Make(Pixels(labels), model_.spec, "pixels").value();
    NoProgress progress;
    return RunAllExits(backend_, model_, 1, data, progress);
  }

  delen::testing::ManualClock clock_;
  testing::FakeBackend backend_{clock_,
                                {{Seconds(0.0), {1.0F, 0.0F}}, {Seconds(0.0), {0.0F, 2.0F}}}};
  core::ModelVersion model_;
};

TEST_F(AllExitsTest, KeepsEveryRowOfEveryExit) {
  const std::vector<std::int32_t> labels(19, 1);  // a batch of 16 and one of 3
  const Answers answers = Run(labels).value();
  EXPECT_EQ(answers.classes, 2U);
  EXPECT_EQ(answers.labels, labels);
  ASSERT_EQ(answers.scores.size(), 2U);
  ASSERT_EQ(answers.scores[0].size(), 38U);
  EXPECT_EQ(answers.scores[0][36], 1.0F);
  EXPECT_EQ(answers.scores[1][37], 2.0F);
}

TEST_F(AllExitsTest, LeavesOutWhatDoesNotFillAFixedBatch) {
  model_.spec.inputs[0].shape[0] = 4;
  EXPECT_EQ(Run({0, 1, 0, 1, 0, 1}).value().labels.size(), 4U);
  EXPECT_EQ(Run({0, 1, 0}).error().message,
            "'pixels' holds 3 samples, fewer than one batch of the model, 4");
}

TEST_F(AllExitsTest, ALabelMustBeAClass) {
  model_.spec.output.shape = {-1, -1};
  EXPECT_EQ(Run({0, 2}).error().message, "the data has label 2, but the model only 2 classes");
}

TEST_F(AllExitsTest, ExitsMustAgreeOnTheClasses) {
  backend_.stages[1].scores = {1.0F, 2.0F, 3.0F};
  EXPECT_EQ(Run({0}).error().message,
            "exit 1 gives FP32 [1,3] for 1 samples, expected a row of FP32 scores per sample, of "
            "as many classes as the exits before");
}

TEST_F(AllExitsTest, NeedsClassScores) {
  model_.spec.scores = core::ScoreKind::kNone;
  EXPECT_EQ(Run({0}).error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace delen::profiler
