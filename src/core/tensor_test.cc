#include "core/tensor.h"

#include <gtest/gtest.h>

namespace delen::core {
namespace {

TEST(Tensor, DataTypesHaveTheProtocolsNames) {
  EXPECT_EQ(ParseDataType("FP32").value(), DataType::kFp32);
  EXPECT_EQ(Name(DataType::kBytes), "BYTES");
  EXPECT_EQ(ElementSize(DataType::kInt64), 8U);
  EXPECT_NE(ParseDataType("float32").error().message.find("'float32', expected one of BOOL"),
            std::string::npos);
}

TEST(Tensor, SizesFollowFromShapes) {
  EXPECT_EQ(ByteCount(DataType::kFp32, Shape{2, 3}).value(), 24U);
  EXPECT_EQ(ElementCount(Shape{}).value(), 1U);
  EXPECT_EQ(ElementCount(Shape{0, 5}).value(), 0U);
}

TEST(Tensor, SizesThatOverflowOrMakeNoSenseAreRefused) {
  EXPECT_FALSE(ElementCount(Shape{1LL << 40, 1LL << 40}));
  EXPECT_FALSE(ByteCount(DataType::kFp64, Shape{1LL << 62}));
  EXPECT_EQ(ElementCount(Shape{2, -1}).error().message, "shape [2,-1] has a negative axis");
  EXPECT_FALSE(ByteCount(DataType::kBytes, Shape{1}));
}

TEST(Tensor, ASpecsFreeAxisMatchesAnyLength) {
  const TensorSpec spec{"input", DataType::kFp32, {-1, 3}};
  EXPECT_TRUE(Matches(spec, Shape{7, 3}));
  EXPECT_TRUE(Matches(spec, Shape{0, 3}));
  EXPECT_FALSE(Matches(spec, Shape{7, 4}));
  EXPECT_FALSE(Matches(spec, Shape{3}));
  EXPECT_FALSE(Matches(spec, Shape{-1, 3}));
}

}  // namespace
}  // namespace delen::core
