#include "importer/type_inference.h"

#include <gtest/gtest.h>

#include "importer/onnx_types.h"
#include "importer/testing/example_graphs.h"

namespace delen::importer {
namespace {

using core::Shape;
using testing::GraphBuilder;

// -1 for dynamic axes; {-9} when the rank is not known.
Shape ShapeIn(GraphBuilder graph, const std::string& name,
              DynamicAxes dynamic = DynamicAxes::kKeep) {
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  if (!index) return {-9};
  const TypeTable types = InferTypes(graph.model(), *index, dynamic);
  const auto* shape = ShapeOf(types, name);
  return shape == nullptr ? Shape{-9} : *ToShape(*shape);
}

int TypeIn(GraphBuilder graph, const std::string& name) {
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  return index ? ElementTypeOf(InferTypes(graph.model(), *index, DynamicAxes::kKeep), name) : -1;
}

TEST(TypeInference, FollowsTheGraph) {
  EXPECT_EQ(ShapeIn(testing::Convolutions(), "b0"), (Shape{-1, 16, 8, 8}));
  EXPECT_EQ(ShapeIn(testing::Convolutions(), "b1"), (Shape{-1, 32, 4, 4}));
}

TEST(TypeInference, FollowsShapesThatTheGraphComputes) {
  EXPECT_EQ(ShapeIn(testing::Convolutions(), "exit_0_row"), (Shape{-1, 16}));
}

TEST(TypeInference, CanTakeTheBatchAsOne) {
  EXPECT_EQ(ShapeIn(testing::Convolutions(), "exit_1_row", DynamicAxes::kAsOne), (Shape{1, 32}));
}

TEST(TypeInference, ReadsReductionsOfNewerOpsets) {
  EXPECT_EQ(ShapeIn(testing::NewerOpset(), "p0"), (Shape{-1, 32}));
}

TEST(TypeInference, OfNewerFormsItTellsTheElementType) {
  GraphBuilder graph(19);
  graph.Input("x", {-1, 4, 8});
  testing::SetInts(graph.Node("AveragePool", {"x"}, {"y"}), "dilations", {2});
  EXPECT_EQ(TypeIn(graph, "y"), onnx::TensorProto::FLOAT);
  EXPECT_EQ(ShapeIn(graph, "y"), (Shape{-9}));
}

TEST(TypeInference, KnowsOperatorsThatTheSchemasCannotBeAskedAbout) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4, 8}).Weights("scale", {8});
  graph.Node("LayerNormalization", {"x", "scale"}, {"y"});
  EXPECT_EQ(ShapeIn(graph, "y"), (Shape{-1, 4, 8}));

  GraphBuilder newer(20);
  newer.Input("x", {-1, 4, 8});
  newer.Node("Gelu", {"x"}, {"y"});
  EXPECT_EQ(ShapeIn(newer, "y"), (Shape{-1, 4, 8}));
  EXPECT_EQ(TypeIn(newer, "y"), onnx::TensorProto::FLOAT);
}

TEST(TypeInference, ReadsTheElementTypeOffTheSignature) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4}).Input("at", {-1, 1}, onnx::TensorProto::INT64);
  graph.Node("GatherND", {"x", "at"}, {"y"});
  EXPECT_EQ(TypeIn(graph, "y"), onnx::TensorProto::FLOAT);
}

TEST(TypeInference, TakesTheTypesThatBranchesDeclare) {
  EXPECT_EQ(TypeIn(testing::Branches(), "chosen"), onnx::TensorProto::FLOAT);
}

TEST(TypeInference, RanksDoNotGrowWithoutBound) {
  GraphBuilder graph;
  graph.Input("t0", {2, 2}, onnx::TensorProto::INT64);
  for (int i = 0; i < 40; ++i) {
    const std::string from = "t" + std::to_string(i);
    graph.Node("Gather", {from, from}, {"t" + std::to_string(i + 1)});  // rank 2r - 1
  }
  EXPECT_EQ(ShapeIn(graph, "t40"), (Shape{-9}));
}

TEST(TypeInference, NonsenseInAttributesIsNoReasonToCrash) {
  GraphBuilder graph;
  graph.Input("x", {-1, 8, 9, 9}).Weights("k", {16, 8, 3, 3});
  testing::SetInts(graph.Node("Conv", {"x", "k"}, {"y"}), "strides", {0, 0});
  EXPECT_EQ(ShapeIn(graph, "y"), (Shape{-9}));
}

}  // namespace
}  // namespace delen::importer
