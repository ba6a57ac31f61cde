#include "frontend/oip/binary_framing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace delen::frontend {
namespace {

using core::DataType;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A body whose first byte is aligned.
struct Body {
  explicit Body(std::size_t size) : bytes(std::make_shared<std::vector<std::byte>>(size)) {}
  std::span<const std::byte> span(std::size_t from = 0) const {
    return std::span<const std::byte>(*bytes).subspan(from);
  }
  std::shared_ptr<std::vector<std::byte>> bytes;
};

TEST(BinaryFramingTest, CutsTensorsInOrderWithoutCopying) {
  const Body body(8 + 3);
  BinaryFraming framing(body.span(), body.bytes);
  const Result<core::Tensor> first = framing.Next("a", DataType::kFp32, {1, 2}, 8);
  const Result<core::Tensor> second = framing.Next("b", DataType::kUint8, {3}, 3);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(framing.Finish());
  EXPECT_EQ(first->name, "a");
  EXPECT_EQ(first->shape, (core::Shape{1, 2}));
  EXPECT_EQ(first->bytes.data(), body.bytes->data());
  EXPECT_EQ(first->owner, body.bytes);
  EXPECT_EQ(second->bytes.data(), body.bytes->data() + 8);
}

TEST(BinaryFramingTest, CopiesWhatWouldBeMisaligned) {
  const Body body(1 + 8);
  BinaryFraming framing(body.span(1), body.bytes);
  const Result<core::Tensor> tensor = framing.Next("a", DataType::kFp64, {1}, 8);
  ASSERT_TRUE(tensor);
  EXPECT_NE(tensor->bytes.data(), body.bytes->data() + 1);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor->bytes.data()) % 8, 0U);
}

TEST(BinaryFramingTest, KeepsTheBodyAliveThroughItsTensors) {
  Result<core::Tensor> tensor = InvalidArgument("none");
  {
    Body body(4);
    (*body.bytes)[3] = std::byte{9};
    tensor = BinaryFraming(body.span(), body.bytes).Next("a", DataType::kUint8, {4}, 4);
  }
  ASSERT_TRUE(tensor);
  EXPECT_EQ(tensor->bytes[3], std::byte{9});
}

std::string ErrorOf(DataType type, core::Shape shape, std::uint64_t size, const Body& body) {
  BinaryFraming framing(body.span(), body.bytes);
  const Result<core::Tensor> tensor = framing.Next("a", type, std::move(shape), size);
  return tensor ? "no error" : tensor.error().message;
}

TEST(BinaryFramingTest, RefusesWhatDoesNotFit) {
  const Body body(8);
  EXPECT_THAT(ErrorOf(DataType::kFp32, {3}, 12, body), HasSubstr("is 12, but only 8 bytes"));
  EXPECT_THAT(ErrorOf(DataType::kFp32, {1}, UINT64_MAX, body), HasSubstr("only 8 bytes"));
  EXPECT_THAT(ErrorOf(DataType::kFp32, {1}, 8, body), HasSubstr("8 bytes, expected 4"));
  EXPECT_THAT(ErrorOf(DataType::kFp32, {-2}, 8, body), HasSubstr("negative"));
  EXPECT_THAT(ErrorOf(DataType::kFp32, {1LL << 62, 4}, 8, body), HasSubstr("counted"));
}

TEST(BinaryFramingTest, ReportsBytesThatBelongToNoInput) {
  const Body body(8);
  BinaryFraming framing(body.span(), body.bytes);
  ASSERT_TRUE(framing.Next("a", DataType::kUint8, {5}, 5));
  EXPECT_EQ(framing.Finish().error().message, "3 bytes of the body belong to no input");
}

TEST(BinaryFramingTest, LooksAtBooleans) {
  const Body body(2);
  EXPECT_EQ(ErrorOf(DataType::kBool, {2}, 2, body), "no error");
  (*body.bytes)[1] = std::byte{2};
  EXPECT_THAT(ErrorOf(DataType::kBool, {2}, 2, body), HasSubstr("other than 0 and 1"));
}

TEST(BinaryFramingTest, LooksIntoTexts) {
  std::vector<std::byte> bytes;
  AppendBytesElement(bytes, "abc");
  AppendBytesElement(bytes, "");
  const Body body(0);
  *body.bytes = bytes;
  EXPECT_EQ(ErrorOf(DataType::kBytes, {2}, bytes.size(), body), "no error");
  EXPECT_THAT(ErrorOf(DataType::kBytes, {3}, bytes.size(), body), HasSubstr("element 2 of 3"));
  EXPECT_THAT(ErrorOf(DataType::kBytes, {1}, bytes.size(), body), HasSubstr("4 bytes are left"));
  EXPECT_THAT(ErrorOf(DataType::kBytes, {1}, 6, body), HasSubstr("element 0 of 1"));
  EXPECT_THAT(BytesElements(bytes).value(), ElementsAre("abc", ""));
  EXPECT_FALSE(BytesElements(std::span(bytes).first(6)));
}

TEST(RawTensorTest, InfersTheOpenAxis) {
  const core::TensorSpec spec{"x", DataType::kFp32, {-1, 3}};
  const Body body(24);
  const Result<core::Tensor> tensor = RawTensor(spec, body.span(), body.bytes);
  ASSERT_TRUE(tensor);
  EXPECT_EQ(tensor->name, "x");
  EXPECT_EQ(tensor->shape, (core::Shape{2, 3}));
  EXPECT_EQ(tensor->bytes.data(), body.bytes->data());
}

TEST(RawTensorTest, TakesAFixedShape) {
  const Body body(12);
  EXPECT_TRUE(RawTensor({"x", DataType::kFp32, {1, 3}}, body.span(), body.bytes));
}

std::string RawErrorOf(const core::TensorSpec& spec, std::size_t size) {
  const Body body(size);
  const Result<core::Tensor> tensor = RawTensor(spec, body.span(), body.bytes);
  return tensor ? "no error" : tensor.error().message;
}

TEST(RawTensorTest, RefusesWhatIsNoWholeNumberOfRows) {
  EXPECT_THAT(RawErrorOf({"x", DataType::kFp32, {-1, 3}}, 13),
              HasSubstr("13 bytes, expected a multiple of 12 for input 'x' [-1,3]"));
  EXPECT_THAT(RawErrorOf({"x", DataType::kFp32, {-1, 3}}, 0), HasSubstr("0 bytes"));
  EXPECT_THAT(RawErrorOf({"x", DataType::kFp32, {-1, 0}}, 4), HasSubstr("multiple of 0"));
  EXPECT_THAT(RawErrorOf({"x", DataType::kFp32, {1, 3}}, 8), HasSubstr("8 bytes, expected 12"));
  EXPECT_THAT(RawErrorOf({"x", DataType::kFp32, {-1, -1}}, 8), HasSubstr("at most one open axis"));
  EXPECT_THAT(RawErrorOf({"x", DataType::kBytes, {-1}}, 8), HasSubstr("BYTES"));
}

}  // namespace
}  // namespace delen::frontend
