#include "frontend/oip/json_tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "frontend/oip/binary_framing.h"

namespace delen::frontend {
namespace {

using core::DataType;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <class Element>
std::vector<Element> Elements(const core::Tensor& tensor) {
  std::vector<Element> elements(tensor.bytes.size() / sizeof(Element));
  if (elements.empty()) return elements;
  std::memcpy(elements.data(), tensor.bytes.data(), elements.size() * sizeof(Element));
  return elements;
}

template <class Element>
std::vector<Element> Parsed(DataType type, core::Shape shape, std::string_view text) {
  const Result<core::Tensor> tensor = ParseJsonTensor("x", type, std::move(shape), text);
  EXPECT_TRUE(tensor) << tensor.error().message;
  return tensor ? Elements<Element>(*tensor) : std::vector<Element>();
}

TEST(JsonTensorTest, ReadsNestedAndFlat) {
  EXPECT_THAT(Parsed<float>(DataType::kFp32, {2, 2}, "[[1,2.5],[-3,4e1]]"),
              ElementsAre(1, 2.5, -3, 40));
  EXPECT_THAT(Parsed<float>(DataType::kFp32, {2, 2}, "[1,2.5,-3,4e1]"),
              ElementsAre(1, 2.5, -3, 40));
  EXPECT_THAT(Parsed<float>(DataType::kFp32, {0, 7}, "[]"), ElementsAre());
}

TEST(JsonTensorTest, ReadsEveryDatatype) {
  EXPECT_THAT(Parsed<double>(DataType::kFp64, {2}, "[0.1,1e300]"), ElementsAre(0.1, 1e300));
  EXPECT_THAT(Parsed<std::uint8_t>(DataType::kUint8, {2}, "[0,255]"), ElementsAre(0, 255));
  EXPECT_THAT(Parsed<std::uint16_t>(DataType::kUint16, {1}, "[65535]"), ElementsAre(65535));
  EXPECT_THAT(Parsed<std::uint32_t>(DataType::kUint32, {1}, "[4294967295]"),
              ElementsAre(4294967295U));
  EXPECT_THAT(Parsed<std::uint64_t>(DataType::kUint64, {1}, "[18446744073709551615]"),
              ElementsAre(18446744073709551615U));
  EXPECT_THAT(Parsed<std::int8_t>(DataType::kInt8, {2}, "[-128,127]"), ElementsAre(-128, 127));
  EXPECT_THAT(Parsed<std::int16_t>(DataType::kInt16, {1}, "[-32768]"), ElementsAre(-32768));
  EXPECT_THAT(Parsed<std::int32_t>(DataType::kInt32, {2}, "[-2147483648,1e3]"),
              ElementsAre(std::numeric_limits<std::int32_t>::min(), 1000));
  EXPECT_THAT(Parsed<std::int64_t>(DataType::kInt64, {1}, "[-9223372036854775808]"),
              ElementsAre(std::numeric_limits<std::int64_t>::min()));
  EXPECT_THAT(Parsed<std::uint8_t>(DataType::kBool, {4}, "[true,false,1,0]"),
              ElementsAre(1, 0, 1, 0));
}

TEST(JsonTensorTest, ReadsTextsAsLengthAndBytes) {
  const Result<core::Tensor> tensor =
      ParseJsonTensor("x", DataType::kBytes, {3}, R"(["ab","","\u00e9"])");
  ASSERT_TRUE(tensor);
  EXPECT_EQ(tensor->bytes.size(), 4U + 2 + 4 + 0 + 4 + 2);
  EXPECT_THAT(BytesElements(tensor->bytes).value(), ElementsAre("ab", "", "\xc3\xa9"));
}

TEST(JsonTensorTest, AcceptsWhatPythonWritesForNotFiniteFloats) {
  const std::vector<float> floats = Parsed<float>(DataType::kFp32, {3}, "[NaN,Infinity,-Infinity]");
  ASSERT_EQ(floats.size(), 3U);
  EXPECT_TRUE(std::isnan(floats[0]));
  EXPECT_TRUE(std::isinf(floats[1]) && floats[1] > 0);
  EXPECT_TRUE(std::isinf(floats[2]) && floats[2] < 0);
}

TEST(JsonTensorTest, KeepsTheLastBitsOfADouble) {
  EXPECT_THAT(Parsed<double>(DataType::kFp64, {2}, "[0.30000000000000004,5e-324]"),
              ElementsAre(0.30000000000000004, 5e-324));
}

TEST(JsonTensorTest, BuffersAreAlignedForAnyElement) {
  const Result<core::Tensor> tensor = ParseJsonTensor("x", DataType::kFp64, {1}, "[1]");
  ASSERT_TRUE(tensor);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor->bytes.data()) % sizeof(double), 0U);
}

struct Refusal {
  DataType type;
  core::Shape shape;
  std::string_view text;
  std::string_view message;
};

class JsonTensorRefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(JsonTensorRefusalTest, SaysWhichElement) {
  const auto& [type, shape, text, message] = GetParam();
  const Result<core::Tensor> tensor = ParseJsonTensor("x", type, shape, text);
  ASSERT_FALSE(tensor);
  EXPECT_THAT(tensor.error().message, HasSubstr(message));
}

const std::string kDeep = std::string(33, '[') + "1" + std::string(33, ']');

INSTANTIATE_TEST_SUITE_P(
    Data, JsonTensorRefusalTest,
    ::testing::Values(
        Refusal{DataType::kFp32, {2}, "[1]", "1 elements, expected 2 by shape [2]"},
        Refusal{DataType::kFp32, {2}, "[1,2,3,4,5]", "5 elements, expected 2"},
        Refusal{DataType::kFp32, {0}, "[1,2]", "2 elements, expected 0"},
        Refusal{DataType::kBytes, {1}, R"(["a","b"])", "2 elements, expected 1"},
        Refusal{DataType::kFp32, {1LL << 40}, "[1]", "expected 1099511627776"},
        Refusal{DataType::kFp32, {1LL << 40, 1LL << 40}, "[1]", "more elements"},
        Refusal{DataType::kFp32, {-1}, "[1]", "negative"},
        Refusal{DataType::kFp32, {2}, "[1,1e39]", "data[1] is 1e+39, which FP32 cannot hold"},
        Refusal{DataType::kFp32, {1}, "[\"1\"]", "data[0] is '1'"},
        Refusal{DataType::kFp32, {1}, "[true]", "data[0] is true"},
        Refusal{DataType::kFp32, {1}, "[null]", "data[0] is null"},
        Refusal{DataType::kFp32, {1}, "[{}]", "an object"},
        Refusal{DataType::kFp32, {1}, "[1,]", "not JSON"},
        Refusal{DataType::kFp32, {1}, kDeep, "nested 33 deep, expected at most 32"},
        Refusal{DataType::kUint8, {1}, "[256]", "data[0] is 256, which UINT8 cannot hold"},
        Refusal{DataType::kUint8, {1}, "[-1]", "data[0] is -1"},
        Refusal{DataType::kUint64, {1}, "[-1]", "data[0] is -1"},
        Refusal{DataType::kUint64, {1}, "[18446744073709551616]", "UINT64 cannot hold"},
        Refusal{DataType::kInt8, {1}, "[128]", "data[0] is 128"},
        Refusal{DataType::kInt64, {1}, "[9223372036854775808]", "INT64 cannot hold"},
        Refusal{DataType::kInt64, {1}, "[9.3e18]", "INT64 cannot hold"},
        Refusal{DataType::kInt32, {1}, "[0.5]", "data[0] is 0.5"},
        Refusal{DataType::kInt32, {1}, "[NaN]", "data[0] is nan"},
        Refusal{DataType::kInt32, {1}, "[Infinity]", "data[0] is inf"},
        Refusal{DataType::kBool, {1}, "[2]", "data[0] is 2, which BOOL cannot hold"},
        Refusal{DataType::kBytes, {1}, "[1]", "data[0] is 1, which BYTES cannot hold"},
        Refusal{DataType::kFp16, {1}, "[1]", "FP16 has no form in JSON"},
        Refusal{DataType::kBf16, {1}, "[1]", "BF16 has no form in JSON"}));

}  // namespace
}  // namespace delen::frontend
