#include "importer/shape_data.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "importer/testing/graph_builder.h"

namespace delen::importer {
namespace {

using testing::Dims;
using testing::Names;

// Negative numbers below -100 stand for dynamic axes.
constexpr std::int64_t kBatch = -101;

ShapeData Data(const Dims& values) {
  ShapeData data;
  for (const std::int64_t value : values) {
    if (value == kBatch) {
      data.add_dim()->set_dim_param("batch");
    } else {
      data.add_dim()->set_dim_value(value);
    }
  }
  return data;
}

onnx::NodeProto Node(const std::string& op, const Names& inputs) {
  onnx::NodeProto node;
  node.set_op_type(op);
  for (const auto& input : inputs) node.add_input(input);
  return node;
}

std::string Text(const std::optional<ShapeData>& data) {
  if (!data) return "unknown";
  std::string text;
  for (const auto& element : data->dim()) {
    text += element.has_dim_value() ? std::to_string(element.dim_value()) : element.dim_param();
    text += ' ';
  }
  return text;
}

class ShapeDataTest : public ::testing::Test {
 protected:
  std::string Result(const onnx::NodeProto& node) { return Text(Follow(node, known_, nullptr)); }

  ShapeDataTable known_ = {{"shape", Data({kBatch, 3, 32})},
                           {"zero", Data({0})},
                           {"last", Data({-1})},
                           {"far", Data({3})},
                           {"two", Data({2})},
                           {"width", Data({96})},
                           {"huge", Data({INT64_MAX})}};
};

TEST_F(ShapeDataTest, ExportersChain) {
  const ShapeData shape = Data({kBatch, 3, 32});
  EXPECT_EQ(Text(Follow(Node("Shape", {"x"}), known_, &shape)), "batch 3 32 ");
  EXPECT_EQ(Result(Node("Gather", {"shape", "zero"})), "batch ");
  EXPECT_EQ(Result(Node("Gather", {"shape", "last"})), "32 ");
  EXPECT_EQ(Result(Node("Concat", {"zero", "shape", "width"})), "0 batch 3 32 96 ");
  EXPECT_EQ(Result(Node("Slice", {"shape", "zero", "two"})), "batch 3 ");
  EXPECT_EQ(Result(Node("Slice", {"shape", "last", "huge"})), "32 ");
  EXPECT_EQ(Result(Node("Unsqueeze", {"shape"})), "batch 3 32 ");
}

TEST_F(ShapeDataTest, Arithmetic) {
  EXPECT_EQ(Result(Node("Mul", {"shape", "two"})), " 6 64 ");  // the batch is lost
  EXPECT_EQ(Result(Node("Div", {"width", "two"})), "48 ");
  EXPECT_EQ(Result(Node("Div", {"width", "zero"})), " ");
  EXPECT_EQ(Result(Node("Add", {"huge", "two"})), " ");
}

TEST_F(ShapeDataTest, WhatIsOutsideIsUnknown) {
  EXPECT_EQ(Result(Node("Gather", {"shape", "far"})), "unknown");
  EXPECT_EQ(Result(Node("Gather", {"shape", "shape"})), "unknown");
  EXPECT_EQ(Result(Node("Gather", {"shape"})), "unknown");
  EXPECT_EQ(Result(Node("Concat", {"shape", "ghost"})), "unknown");
  EXPECT_EQ(Result(Node("Shape", {"x"})), "unknown");
  EXPECT_EQ(Result(Node("Relu", {"shape"})), "unknown");
}

TEST_F(ShapeDataTest, DoesNotGrowWithoutBound) {
  known_["x"] = Data(Dims(40, 1));
  EXPECT_EQ(Result(Node("Concat", {"x", "x"})), "unknown");
}

TEST_F(ShapeDataTest, ReadsConstants) {
  onnx::TensorProto tensor;
  tensor.set_data_type(onnx::TensorProto::INT32);
  tensor.add_dims(2);
  tensor.add_int32_data(-1);
  tensor.add_int32_data(7);
  EXPECT_EQ(Text(ShapeDataOf(tensor)), "-1 7 ");
  tensor.set_dims(0, 3);
  EXPECT_EQ(Text(ShapeDataOf(tensor)), "unknown");
  tensor.set_dims(0, 2);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  EXPECT_EQ(Text(ShapeDataOf(tensor)), "unknown");
}

}  // namespace
}  // namespace delen::importer
