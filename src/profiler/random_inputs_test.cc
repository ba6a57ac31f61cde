#include "profiler/random_inputs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace delen::profiler {
namespace {

using core::DataType;

core::ModelSpec WithInput(DataType type, core::Shape shape) {
  core::ModelSpec spec;
  spec.inputs = {{"x", type, std::move(shape)}};
  return spec;
}

std::vector<float> Floats(const core::Tensor& tensor) {
  std::vector<float> values(tensor.bytes.size() / sizeof(float));
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

TEST(RandomInputs, FloatsSpreadOverTheUnitInterval) {
  const auto inputs = RandomInputs(WithInput(DataType::kFp32, {-1, 1000}), 4, 7).value();
  ASSERT_EQ(inputs.size(), 1U);
  EXPECT_EQ(inputs[0].name, "x");
  EXPECT_EQ(inputs[0].shape, (core::Shape{4, 1000}));
  double sum = 0.0;
  for (const float value : Floats(inputs[0])) {
    ASSERT_GE(value, 0.0F);
    ASSERT_LT(value, 1.0F);
    sum += value;
  }
  EXPECT_NEAR(sum / 4000, 0.5, 0.02);
}

TEST(RandomInputs, TheSeedDecidesThem) {
  const core::ModelSpec spec = WithInput(DataType::kFp32, {-1, 8});
  EXPECT_EQ(Floats(RandomInputs(spec, 1, 1).value()[0]),
            Floats(RandomInputs(spec, 1, 1).value()[0]));
  EXPECT_NE(Floats(RandomInputs(spec, 1, 1).value()[0]),
            Floats(RandomInputs(spec, 1, 2).value()[0]));
}

TEST(RandomInputs, WholeNumbersAreSmall) {
  const auto inputs = RandomInputs(WithInput(DataType::kInt64, {-1, 64}), 1, 7).value();
  for (std::size_t at = 0; at < inputs[0].bytes.size(); at += 8) {
    std::int64_t value = 0;
    std::memcpy(&value, inputs[0].bytes.data() + at, 8);
    EXPECT_TRUE(value == 0 || value == 1) << value;
  }
}

TEST(RandomInputs, HalvesAreOrdinaryNumbers) {
  const auto inputs = RandomInputs(WithInput(DataType::kFp16, {-1, 64}), 1, 7).value();
  for (std::size_t at = 0; at < inputs[0].bytes.size(); at += 2) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, inputs[0].bytes.data() + at, 2);
    EXPECT_EQ(bits >> 10, 14) << "neither denormal nor NaN";
  }
}

TEST(RandomInputs, AFixedBatchIsKept) {
  const core::ModelSpec spec = WithInput(DataType::kFp32, {2, 3});
  EXPECT_EQ(BatchRows(spec, 8), 2);
  EXPECT_EQ(RandomInputs(spec, 8, 7).value()[0].shape, (core::Shape{2, 3}));
}

TEST(RandomInputs, SizesMustBeKnown) {
  const auto made = RandomInputs(WithInput(DataType::kFp32, {-1, 3, -1, -1}), 1, 7);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(made.error().message,
            "cannot make up data for input 'x', FP32 [-1,3,-1,-1]: its size must be known but for "
            "the batch");
}

}  // namespace
}  // namespace delen::profiler
