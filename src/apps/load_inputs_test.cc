#include "apps/load_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace delen::apps {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kMetadata = R"({"name":"m","versions":["1"],"platform":"onnx_onnxv1",)"
                                  R"("inputs":[{"name":"x","datatype":"FP32","shape":[-1,1,2]}],)"
                                  R"("outputs":[{"name":"y","datatype":"FP32","shape":[-1,3]}]})";

TEST(LoadInputs, ReadsWhatTheServerTellsOfAModel) {
  const core::ModelSpec model = ParseModelMetadata(kMetadata).value();
  EXPECT_EQ(model.name, "m");
  EXPECT_THAT(model.inputs, ElementsAre(core::TensorSpec{"x", core::DataType::kFp32, {-1, 1, 2}}));
  EXPECT_THAT(ParseModelMetadata("{}").error().message, HasSubstr("cannot be read"));
  EXPECT_THAT(ParseModelMetadata("<html>").error().message, HasSubstr("cannot be read"));
}

TEST(LoadInputs, RandomRequestsHaveTheRowsAskedForAndDiffer) {
  const core::ModelSpec model = ParseModelMetadata(kMetadata).value();
  const client::LoadInputs inputs = RandomRequests(model, 3, 1).value();
  EXPECT_EQ(inputs.tensors[0].shape, (core::Shape{3, 1, 2}));
  EXPECT_EQ(inputs.request_bytes(), 24U);
  EXPECT_EQ(inputs.count(), 16U);
  EXPECT_FALSE(std::ranges::equal(inputs.BytesOf(0), inputs.BytesOf(1)));
  EXPECT_TRUE(std::ranges::equal(inputs.BytesOf(1), inputs.BytesOf(17)));
  EXPECT_TRUE(inputs.LabelsOf(5).empty());
}

TEST(LoadInputs, AFixedBatchMustBeTheScenarios) {
  core::ModelSpec model = ParseModelMetadata(kMetadata).value();
  model.inputs[0].shape[0] = 1;
  EXPECT_TRUE(RandomRequests(model, 1, 1));
  EXPECT_EQ(RandomRequests(model, 3, 1).error().message,
            "model 'm' takes 1 rows, a request of the scenario has 3");
}

// Five samples of 1 x 2 bytes, 0 to 9, with labels 4, 3, 2, 1, 0.
class LabelledRequestsTest : public ::testing::Test {
 protected:
  LabelledRequestsTest() {
    std::filesystem::create_directories(folder_);
    Write("images.idx",
          {0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    Write("labels.idx", {0, 0, 8, 1, 0, 0, 0, 5, 4, 3, 2, 1, 0});
    model_.name = "m";
    model_.inputs = {{"x", core::DataType::kFp32, {-1, 1, 1, 2}}};
    model_.output = {"y", core::DataType::kFp32, {-1, 5}};
  }
  ~LabelledRequestsTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  std::string files() const { return (folder_ / "images.idx").string(); }

  core::ModelSpec model_;

 private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() /
      ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(LabelledRequestsTest, TakeRowsInTurnAndLeaveTheRest) {
  const Result<client::LoadInputs> inputs = LabelledRequests(files(), model_, 2);
  ASSERT_TRUE(inputs) << inputs.error().message;
  EXPECT_EQ(inputs->tensors[0].name, "x");
  EXPECT_EQ(inputs->tensors[0].shape, (core::Shape{2, 1, 1, 2}));
  EXPECT_EQ(inputs->count(), 2U);
  EXPECT_THAT(inputs->LabelsOf(0), ElementsAre(4, 3));
  EXPECT_THAT(inputs->LabelsOf(1), ElementsAre(2, 1));
  EXPECT_THAT(inputs->LabelsOf(2), ElementsAre(4, 3));
  std::vector<float> second(4);
  ASSERT_EQ(inputs->BytesOf(1).size(), 16U);
  std::memcpy(second.data(), inputs->BytesOf(1).data(), 16);
  EXPECT_THAT(second, ElementsAre(4.0F, 5.0F, 6.0F, 7.0F));
}

TEST_F(LabelledRequestsTest, NeedEnoughSamplesForOne) {
  EXPECT_EQ(LabelledRequests(files(), model_, 6).error().message,
            "images.idx has 5 samples, expected at least the 6 rows of one request");
}

}  // namespace
}  // namespace delen::apps
