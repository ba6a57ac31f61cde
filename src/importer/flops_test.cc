#include "importer/flops.h"

#include <gtest/gtest.h>

#include "importer/testing/graph_builder.h"

namespace delen::importer {
namespace {

using testing::GraphBuilder;

// Of the graph's last node, with dynamic axes taken as 1.
double FlopsOfLast(GraphBuilder& graph) {
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  if (!index) return -1.0;
  const TypeTable types = InferTypes(graph.model(), *index, DynamicAxes::kAsOne);
  return FlopsOf(*index->nodes().back().proto, types);
}

TEST(Flops, Convolution) {
  GraphBuilder graph;
  graph.Input("x", {-1, 8, 10, 12}).Weights("k", {16, 8, 3, 3});
  graph.Node("Conv", {"x", "k"}, {"y"});  // 16 x 8 x 10 outputs
  EXPECT_EQ(FlopsOfLast(graph), 2.0 * 16 * 8 * 10 * 8 * 9);
}

TEST(Flops, GroupedStridedConvolution) {
  GraphBuilder graph;
  graph.Input("x", {-1, 8, 9, 9}).Weights("k", {16, 2, 3, 3});
  auto& conv = graph.Node("Conv", {"x", "k"}, {"y"});  // 16 x 4 x 4 outputs
  testing::SetInt(conv, "group", 4);
  testing::SetInts(conv, "strides", {2, 2});
  EXPECT_EQ(FlopsOfLast(graph), 2.0 * 16 * 4 * 4 * 2 * 9);
}

TEST(Flops, TransposedConvolution) {
  GraphBuilder graph;
  graph.Input("x", {-1, 8, 5, 5}).Weights("k", {8, 4, 2, 2});
  graph.Node("ConvTranspose", {"x", "k"}, {"y"});
  EXPECT_EQ(FlopsOfLast(graph), 2.0 * 8 * 5 * 5 * 4 * 4);
}

TEST(Flops, Gemm) {
  GraphBuilder graph;
  graph.Input("x", {-1, 20}).Weights("w", {7, 20});
  testing::SetInt(graph.Node("Gemm", {"x", "w"}, {"y"}), "transB", 1);
  EXPECT_EQ(FlopsOfLast(graph), 2.0 * 20 * 7);

  GraphBuilder transposed;
  transposed.Input("x", {20, 3}).Weights("w", {20, 7});
  testing::SetInt(transposed.Node("Gemm", {"x", "w"}, {"y"}), "transA", 1);
  EXPECT_EQ(FlopsOfLast(transposed), 2.0 * 3 * 20 * 7);
}

TEST(Flops, BatchedMatrixProduct) {
  GraphBuilder graph;
  graph.Input("a", {-1, 4, 6, 5}).Input("b", {-1, 4, 5, 7});
  graph.Node("MatMul", {"a", "b"}, {"y"});
  EXPECT_EQ(FlopsOfLast(graph), 2.0 * 4 * 6 * 5 * 7);
}

TEST(Flops, OtherOperatorsCountTheirOutputs) {
  GraphBuilder graph;
  graph.Input("x", {-1, 3, 8, 8}).Relu("x", "y");
  EXPECT_EQ(FlopsOfLast(graph), 3.0 * 8 * 8);
}

TEST(Flops, UnknownShapesCountNothing) {
  GraphBuilder graph;
  graph.Input("x", {-1, 3});
  graph.Node("Mystery", {"x"}, {"y"});
  EXPECT_EQ(FlopsOfLast(graph), 0.0);
}

}  // namespace
}  // namespace delen::importer
