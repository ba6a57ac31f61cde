#include "profiler/labelled_data.h"

#include <gtest/gtest.h>

#include "base/files.h"

namespace delen::profiler {
namespace {
namespace fs = std::filesystem;

using namespace std::string_literals;  // NOLINT(google-build-using-namespace): ""s

core::ModelSpec Spec(core::Shape input, std::int64_t classes) {
  core::ModelSpec spec;
  spec.name = "sample";
  spec.inputs = {{"image", core::DataType::kFp32, std::move(input)}};
  spec.output = {"scores", core::DataType::kFp32, {-1, classes}};
  return spec;
}

// Two pictures of one row of two pixels: 10 20, 30 40; labels 1, 0.
const std::string kImages = "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02"s + "\x0a\x14\x1e\x28";
const std::string kLabels = "\0\0\x08\x01\0\0\0\x02\x01\0"s;

// A CIFAR record: labels, then the three channels full of `pixel`, + 1, + 2.
std::string Record(const std::string& labels, char pixel) {
  std::string record = labels;
  for (int channel = 0; channel < 3; ++channel) {
    record += std::string(32 * 32, static_cast<char>(pixel + channel));
  }
  return record;
}

class LabelledDataTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& content) {
    EXPECT_TRUE(WriteFileAtomically(folder_ / name, content));
    return (folder_ / name).string();
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / "labelled_data" /
                           testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(LabelledDataTest, ReadsIdxAndFindsItsLabels) {
  const std::string images = Write("t10k-images-idx3-ubyte", kImages);
  Write("t10k-labels-idx1-ubyte", kLabels);
  const LabelledData data = LabelledData::Open(images, Spec({-1, 1, 2}, 2)).value();
  EXPECT_EQ(data.source(), "t10k-images-idx3-ubyte");
  EXPECT_EQ(data.size(), 2U);
  EXPECT_EQ(data.labels()[0], 1);
  EXPECT_EQ(data.labels()[1], 0);
  std::vector<float> input(2);
  data.Fill(1, input);
  EXPECT_EQ(input, (std::vector<float>{30.0F, 40.0F}));
}

TEST_F(LabelledDataTest, TheLabelsFileMayBeNamed) {
  const std::string images = Write("a.idx", kImages);
  const std::string labels = Write("b.idx", kLabels);
  EXPECT_TRUE(LabelledData::Open(images + "," + labels, Spec({-1, 1, 2}, 2)));
  const auto lost = LabelledData::Open(images, Spec({-1, 1, 2}, 2));
  EXPECT_EQ(lost.error().message,
            "'" + images +
                "' does not say where its labels are: name it ...images..., beside "
                "...labels..., or give both as IMAGES,LABELS");
}

TEST_F(LabelledDataTest, PreprocessesAsTheModelSays) {
  core::ModelSpec spec = Spec({-1, 3, 32, 32}, 10);
  spec.preprocessing.scale = 0.5;
  spec.preprocessing.mean = {1.0, 2.0, 3.0};
  spec.preprocessing.std = {0.5, 0.25, 0.125};
  const std::string path = Write("test.bin", Record("\x03", 10) + Record("\x09", 20));
  const LabelledData data = LabelledData::Open(path, spec).value();
  EXPECT_EQ(data.labels()[1], 9);
  std::vector<float> input(2 * 3 * 32 * 32);
  data.Fill(0, input);
  EXPECT_EQ(input[0], 8.0F);          // (10 * 0.5 - 1) / 0.5
  EXPECT_EQ(input[1024], 14.0F);      // (11 * 0.5 - 2) / 0.25
  EXPECT_EQ(input[2 * 1024], 24.0F);  // (12 * 0.5 - 3) / 0.125
  EXPECT_EQ(input[3 * 1024], 18.0F);  // (20 * 0.5 - 1) / 0.5
  EXPECT_EQ(input.back(), 64.0F);     // (22 * 0.5 - 3) / 0.125
}

TEST_F(LabelledDataTest, TakesTheFineLabelOfCifar100) {
  const std::string path = Write("test.bin", Record("\x05\x63", 1));
  const LabelledData data = LabelledData::Open(path, Spec({-1, 3, 32, 32}, 100)).value();
  EXPECT_EQ(data.labels()[0], 99);
}

TEST_F(LabelledDataTest, GreyPicturesMayGoInAsOneChannel) {
  const std::string files = Write("a", kImages) + "," + Write("b", kLabels);
  const LabelledData data = LabelledData::Open(files, Spec({-1, 1, 1, 2}, 2)).value();
  EXPECT_EQ(data.sample_shape(), (core::Shape{1, 1, 2}));
}

TEST_F(LabelledDataTest, SaysWhatDoesNotFit) {
  const std::string files = Write("a", kImages) + "," + Write("b", kLabels);
  EXPECT_EQ(LabelledData::Open(files, Spec({-1, 3, 32, 32}, 2)).error().message,
            "the samples of 'a' have shape [1,2], expected that of input 'image' but for its "
            "batch: [-1,3,32,32]");
  EXPECT_EQ(LabelledData::Open(files, Spec({-1, 1, 2}, 1)).error().message,
            "sample 0 of 'a' has label 1, expected 0 to 0");
  core::ModelSpec spec = Spec({-1, 1, 1, 2}, 2);
  spec.preprocessing.mean = {1.0, 2.0, 3.0};
  EXPECT_EQ(LabelledData::Open(files, spec).error().message,
            "the model's preprocessing has 3 numbers as 'mean', expected 1, one per channel of "
            "the input");
  spec.inputs.push_back(spec.inputs[0]);
  EXPECT_EQ(LabelledData::Open(files, spec).error().message,
            "labelled data needs a model of one FP32 input; 'sample' has several inputs");
}

TEST_F(LabelledDataTest, SaysWhatIsDamaged) {
  const core::ModelSpec spec = Spec({-1, 1, 2}, 2);
  EXPECT_EQ(LabelledData::Open((folder_ / "no").string(), spec).error().code, ErrorCode::kNotFound);
  const std::string text = Write("text", "hello");
  EXPECT_EQ(LabelledData::Open(text, spec).error().message,
            "'" + text +
                "' has 5 bytes, expected an IDX file, or a multiple of 3073 (CIFAR-10) or "
                "3074 (CIFAR-100)");
  const std::string packed = Write("images.gz", "\x1f\x8b\x08");
  EXPECT_EQ(LabelledData::Open(packed, spec).error().message,
            "'" + packed + "' is compressed; unpack it first");
  const std::string images = Write("images", kImages);
  EXPECT_EQ(LabelledData::Open(images, spec).error().code, ErrorCode::kNotFound);
  const std::string labels = Write("labels", kLabels + "\x01");
  EXPECT_EQ(LabelledData::Open(images, spec).error().message,
            "'" + labels +
                "' has an IDX header for shape [2], but 3 bytes of elements "
                "follow");
  Write("labels", "\0\0\x08\x01\0\0\0\x01\x01"s);
  EXPECT_EQ(LabelledData::Open(images, spec).error().message,
            "'" + labels + "' has 1 labels, expected 2, as many as '" + images + "' has samples");
  Write("images", "\0\0\x08\x03\0\0\0\x01\0\0\0\0\0\0\0\x02"s);
  EXPECT_EQ(LabelledData::Open(images, spec).error().message,
            "'" + images + "' has shape [1,0,2]: it holds nothing");
}

TEST(ParseCifar, ASizeOfBothKindsIsRefused) {
  const auto parsed = ParseCifar(std::string(std::size_t{3073} * 3074, '\0'), "x");
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().message.find(", not of both"), std::string::npos);
}

}  // namespace
}  // namespace delen::profiler
