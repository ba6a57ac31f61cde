#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace delen {
namespace {

Result<int> Half(int n) {
  if (n % 2 != 0) return InvalidArgument("{} is odd", n);
  return n / 2;
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_EQ(Half(8).value(), 4);
  const Result<int> odd = Half(7);
  ASSERT_FALSE(odd);
  EXPECT_EQ(odd.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(odd.error().message, "7 is odd");
}

TEST(Result, MovesOutWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> made(std::make_unique<int>(3));
  const std::unique_ptr<int> taken = *std::move(made);
  EXPECT_EQ(*taken, 3);
}

TEST(Result, OfNothingIsAStatus) {
  EXPECT_TRUE(Status());
  EXPECT_EQ(Status(NotFound("no")).error().code, ErrorCode::kNotFound);
}

TEST(Error, ContextGoesInFront) {
  EXPECT_EQ(WithContext("model.toml", InvalidArgument("no name")).message, "model.toml: no name");
}

}  // namespace
}  // namespace delen
