#include "admission/input_check.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace delen::admission {
namespace {

core::ModelSpec TwoInputs() {
  core::ModelSpec spec;
  spec.name = "m";
  spec.inputs = {{"image", core::DataType::kFp32, {-1, 2}},
                 {"mask", core::DataType::kUint8, {-1, 3}}};
  return spec;
}

core::Tensor Image(core::Shape shape, std::size_t bytes) {
  return core::OwningTensor("image", core::DataType::kFp32, std::move(shape),
                            std::vector<std::byte>(bytes));
}
core::Tensor Mask(core::Shape shape, std::size_t bytes) {
  return core::OwningTensor("mask", core::DataType::kUint8, std::move(shape),
                            std::vector<std::byte>(bytes));
}

std::string Message(std::vector<core::Tensor> inputs) {
  const Result<int> rows = CheckInputs(TwoInputs(), 8, inputs);
  return rows ? "accepted" : rows.error().message;
}

TEST(InputCheck, PutsInputsInTheModelsOrderAndCountsRows) {
  std::vector<core::Tensor> inputs = {Mask({4, 3}, 12), Image({4, 2}, 32)};
  EXPECT_EQ(CheckInputs(TwoInputs(), 8, inputs).value(), 4);
  EXPECT_EQ(inputs[0].name, "image");
  EXPECT_EQ(inputs[1].name, "mask");
}

TEST(InputCheck, NamesActualAndExpected) {
  EXPECT_EQ(Message({Image({1, 2}, 8)}), "the request has 1 inputs, model 'm' expects 2");
  EXPECT_EQ(Message({Image({1, 2}, 8), Image({1, 2}, 8)}),
            "input 'mask' of model 'm' is missing; got 'image'");
  EXPECT_EQ(Message({Image({1, 5}, 20), Mask({1, 3}, 3)}),
            "input 'image' has shape [1,5], expected [-1,2]");
  EXPECT_EQ(Message({Image({1, 2}, 7), Mask({1, 3}, 3)}),
            "input 'image' has 7 bytes, expected 8 for FP32 of shape [1,2]");
  EXPECT_EQ(Message({Image({1, 2}, 8), Mask({2, 3}, 6)}),
            "input 'mask' has 2 rows, the inputs before it 1");
  EXPECT_EQ(Message({Image({0, 2}, 0), Mask({0, 3}, 0)}),
            "the request has 0 rows, expected 1 to 8");
  EXPECT_EQ(Message({Image({9, 2}, 72), Mask({9, 3}, 27)}),
            "the request has 9 rows, expected 1 to 8");
}

TEST(InputCheck, NamesTheDatatype) {
  core::Tensor wrong = Image({1, 2}, 8);
  wrong.datatype = core::DataType::kInt32;
  EXPECT_EQ(Message({wrong, Mask({1, 3}, 3)}), "input 'image' has datatype INT32, expected FP32");
}

}  // namespace
}  // namespace delen::admission
