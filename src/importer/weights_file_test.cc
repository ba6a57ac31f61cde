#include "importer/weights_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <sstream>

#include "importer/testing/graph_builder.h"

namespace delen::importer {
namespace {

using ::testing::HasSubstr;

onnx::TensorProto Floats(const std::string& name, std::size_t count, float value) {
  onnx::TensorProto tensor;
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.add_dims(static_cast<std::int64_t>(count));
  const std::vector<float> values(count, value);
  tensor.set_raw_data(values.data(), count * sizeof(float));
  return tensor;
}

std::string Entry(const onnx::TensorProto& tensor, const std::string& key) {
  for (const auto& entry : tensor.external_data()) {
    if (entry.key() == key) return entry.value();
  }
  return "none";
}

class Weights : public ::testing::Test {
 protected:
  std::ostringstream out_;
  TensorSource source_{""};
  WeightsFile weights_{out_, source_};
};

TEST_F(Weights, SmallTensorsStayInline) {
  const onnx::TensorProto tensor = Floats("w", 255, 1);
  const Result<onnx::TensorProto> placed = weights_.Place(tensor.name(), tensor);
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed->raw_data(), tensor.raw_data());
  EXPECT_FALSE(IsExternal(*placed));
  EXPECT_EQ(weights_.size(), 0U);
}

TEST_F(Weights, LargeOnesGoToPagesOfTheirOwn) {
  const onnx::TensorProto first = Floats("first", 256, 1);
  const onnx::TensorProto second = Floats("second", 300, 2);
  const Result<onnx::TensorProto> one = weights_.Place(first.name(), first);
  const Result<onnx::TensorProto> two = weights_.Place(second.name(), second);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(Entry(*one, "location"), "weights.bin");
  EXPECT_EQ(Entry(*one, "offset"), "0");
  EXPECT_EQ(Entry(*one, "length"), "1024");
  EXPECT_EQ(Entry(*two, "offset"), "4096");
  EXPECT_EQ(Entry(*two, "length"), "1200");
  EXPECT_EQ(two->name(), "second");
  EXPECT_EQ(two->dims(0), 300);
  EXPECT_FALSE(two->has_raw_data());
  EXPECT_EQ(out_.str().size(), 4096U + 1200U);
  EXPECT_EQ(out_.str().substr(4096), second.raw_data());
}

TEST_F(Weights, TheSameContentIsStoredOnce) {
  const onnx::TensorProto first = Floats("first", 512, 1);
  const onnx::TensorProto second = Floats("second", 512, 1);
  const Result<onnx::TensorProto> one = weights_.Place(first.name(), first);
  const Result<onnx::TensorProto> again = weights_.Place(first.name(), first);
  const Result<onnx::TensorProto> other_name = weights_.Place(second.name(), second);
  ASSERT_TRUE(one && again && other_name);
  EXPECT_EQ(Entry(*again, "offset"), Entry(*one, "offset"));
  EXPECT_EQ(Entry(*other_name, "offset"), Entry(*one, "offset"));
  EXPECT_EQ(other_name->name(), "second");
  EXPECT_EQ(weights_.size(), 2048U);
}

TEST_F(Weights, ListsOfNumbersBecomeBytes) {
  onnx::TensorProto tensor;
  tensor.set_name("halves");
  tensor.set_data_type(onnx::TensorProto::FLOAT16);
  tensor.add_dims(1024);
  for (int i = 0; i < 1024; ++i) tensor.add_int32_data(i);
  const Result<onnx::TensorProto> placed = weights_.Place(tensor.name(), tensor);
  ASSERT_TRUE(placed) << placed.error().message;
  ASSERT_EQ(out_.str().size(), 2048U);
  std::uint16_t last = 0;
  std::memcpy(&last, out_.str().data() + 2046, sizeof last);
  EXPECT_EQ(last, 1023);
}

TEST_F(Weights, StringsStayAsTheyAre) {
  onnx::TensorProto tensor;
  tensor.set_name("words");
  tensor.set_data_type(onnx::TensorProto::STRING);
  tensor.add_dims(1);
  tensor.add_string_data(std::string(5000, 'a'));
  const Result<onnx::TensorProto> placed = weights_.Place(tensor.name(), tensor);
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed->SerializeAsString(), tensor.SerializeAsString());
}

TEST_F(Weights, BytesMustFitTheShape) {
  onnx::TensorProto tensor = Floats("w", 4, 1);
  tensor.set_dims(0, 5);
  EXPECT_EQ(weights_.Place(tensor.name(), tensor).error().message,
            "tensor 'w' has 16 bytes, expected 20 for 5 elements of FLOAT");
  tensor.set_dims(0, -1);
  EXPECT_THAT(weights_.Place(tensor.name(), tensor).error().message,
              HasSubstr("has a negative axis"));
  tensor.set_dims(0, std::int64_t{1} << 62);
  EXPECT_FALSE(weights_.Place(tensor.name(), tensor));
  tensor.set_data_type(77);
  EXPECT_THAT(weights_.Place(tensor.name(), tensor).error().message,
              HasSubstr("type 77, which have no raw form"));
}

}  // namespace
}  // namespace delen::importer
