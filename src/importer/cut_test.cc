#include "importer/cut.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "importer/testing/example_graphs.h"

namespace delen::importer {
namespace {

using ::testing::ElementsAre;
using testing::GraphBuilder;
using ::testing::HasSubstr;
using testing::Names;

std::vector<Stage> Plan(GraphBuilder graph, const Names& exits) {
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  return index ? PlanStages(*index, exits) : std::vector<Stage>();
}

const Names kThree = {"exit_0", "exit_1", "exit_2"};

TEST(Cut, ALadderCrossesOneTensorPerCut) {
  const std::vector<Stage> stages = Plan(testing::Ladder(), kThree);
  ASSERT_EQ(stages.size(), 3U);
  EXPECT_THAT(stages[0].inputs, ElementsAre("x"));
  EXPECT_THAT(stages[0].outputs, ElementsAre("exit_0", "b0"));
  EXPECT_THAT(stages[1].inputs, ElementsAre("b0"));
  EXPECT_THAT(stages[1].outputs, ElementsAre("exit_1", "b1"));
  EXPECT_THAT(stages[2].inputs, ElementsAre("b1"));
  EXPECT_THAT(stages[2].outputs, ElementsAre("exit_2"));
  EXPECT_THAT(stages[0].initializers, ElementsAre("w_exit_0", "w_m0"));
}

TEST(Cut, ATensorThatSkipsACutIsReadByName) {
  const std::vector<Stage> stages = Plan(testing::SkipOverTwoCuts(), kThree);
  ASSERT_EQ(stages.size(), 3U);
  EXPECT_THAT(stages[0].outputs, ElementsAre("exit_0", "b0"));
  EXPECT_THAT(stages[1].inputs, ElementsAre("b0"));
  EXPECT_THAT(stages[1].outputs, ElementsAre("exit_1", "b1"));
  EXPECT_THAT(stages[2].inputs, ElementsAre("b0", "b1"));  // b0 is not handed on by stage 1
}

TEST(Cut, SeveralTensorsAndTheInputMayCross) {
  const std::vector<Stage> stages = Plan(testing::TwoTensorsCross(), {"exit_0", "exit_1"});
  ASSERT_EQ(stages.size(), 2U);
  EXPECT_THAT(stages[0].inputs, ElementsAre("x", "y"));
  EXPECT_THAT(stages[0].outputs, ElementsAre("exit_0", "left", "right"));
  EXPECT_THAT(stages[1].inputs, ElementsAre("x", "left", "right"));
}

TEST(Cut, AnExitsTensorThatIsReadLaterIsGivenOnce) {
  const std::vector<Stage> stages = Plan(testing::ExitFeedsExit(), kThree);
  ASSERT_EQ(stages.size(), 3U);
  EXPECT_THAT(stages[0].outputs, ElementsAre("exit_0", "b0"));
  EXPECT_THAT(stages[1].inputs, ElementsAre("b0", "exit_0"));
  EXPECT_THAT(stages[2].inputs, ElementsAre("b1", "exit_1"));
}

TEST(Cut, ConstantsAreRepeatedAndDoNotCross) {
  const std::vector<Stage> stages = Plan(testing::SharedHead(), kThree);
  ASSERT_EQ(stages.size(), 3U);
  for (const Stage& stage : stages) {
    EXPECT_EQ(stage.nodes.front(), 0);  // Identity on the shared bias
    EXPECT_THAT(stage.initializers, ::testing::IsSupersetOf({"bias", "w_head"}));
    EXPECT_THAT(stage.inputs, ::testing::Not(::testing::Contains("bias_copy")));
  }
}

TEST(Cut, NodesThatNoExitNeedsAreLeftOut) {
  GraphBuilder graph = testing::OneExit();
  graph.Relu("b0", "unused");
  const std::vector<Stage> stages = Plan(graph, {"scores"});
  ASSERT_EQ(stages.size(), 1U);
  EXPECT_THAT(stages[0].nodes, ElementsAre(0, 1, 2));
}

TEST(Cut, WhatASubgraphTakesCrosses) {
  const std::vector<Stage> stages = Plan(testing::Branches(), {"exit_0", "exit_1"});
  ASSERT_EQ(stages.size(), 2U);
  EXPECT_THAT(stages[1].inputs, ElementsAre("b0"));
  EXPECT_THAT(stages[1].initializers, ElementsAre("limit", "outer", "w_exit_1"));
}

// --- The stages as models ---

Result<onnx::ModelProto> BuildSecond(GraphBuilder graph) {
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  if (!index) return index.error();
  const TypeTable types = InferTypes(graph.model(), *index, DynamicAxes::kKeep);
  const std::vector<Stage> stages = PlanStages(*index, {"exit_0", "exit_1"});
  return BuildStage(graph.model(), *index, types, stages[1], 1);
}

TEST(Cut, StagesDeclareTypesShapesAndDynamicAxes) {
  const Result<onnx::ModelProto> stage = BuildSecond(testing::Ladder());
  ASSERT_TRUE(stage) << stage.error().message;
  EXPECT_EQ(stage->opset_import(0).version(), 17);
  EXPECT_EQ(stage->graph().name(), "stage_1");
  ASSERT_EQ(stage->graph().input_size(), 1);
  const auto& crossing = stage->graph().input(0);
  EXPECT_EQ(crossing.name(), "b0");
  EXPECT_EQ(crossing.type().tensor_type().elem_type(), onnx::TensorProto::FLOAT);
  ASSERT_EQ(crossing.type().tensor_type().shape().dim_size(), 2);
  EXPECT_EQ(crossing.type().tensor_type().shape().dim(0).dim_param(), "batch");
  EXPECT_EQ(crossing.type().tensor_type().shape().dim(1).dim_value(), 32);
}

TEST(Cut, OldIrVersionsAreRaisedToWhereConstantsNeedNoInput) {
  GraphBuilder graph = testing::Ladder();
  graph.model().set_ir_version(3);
  const Result<onnx::ModelProto> stage = BuildSecond(graph);
  ASSERT_TRUE(stage) << stage.error().message;
  EXPECT_EQ(stage->ir_version(), 4);
}

GraphBuilder WithUnknownOperator() {
  GraphBuilder graph;
  graph.model().add_opset_import()->set_domain("my.domain");
  graph.model().mutable_opset_import(1)->set_version(1);
  graph.Input("x", {-1, 16});
  graph.Node("Mystery", {"x"}, {"b0"}).set_domain("my.domain");
  graph.Dense("b0", "exit_0", 16, 10);
  graph.Relu("b0", "b1").Dense("b1", "exit_1", 16, 10);
  graph.Output("exit_0", {-1, 10}).Output("exit_1", {-1, 10});
  return graph;
}

TEST(Cut, ACrossingTensorOfUnknownTypeIsRefused) {
  const Result<onnx::ModelProto> stage = BuildSecond(WithUnknownOperator());
  ASSERT_FALSE(stage);
  EXPECT_EQ(stage.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(stage.error().message,
              HasSubstr("the type of 'b0', which crosses a cut, cannot be told"));
}

TEST(Cut, ADeclaredTypeHelpsWhereInferenceCannot) {
  GraphBuilder graph = WithUnknownOperator();
  GraphBuilder::Declare(*graph.graph().add_value_info(), "b0", {-1, 16});
  const Result<onnx::ModelProto> stage = BuildSecond(graph);
  ASSERT_TRUE(stage) << stage.error().message;
  EXPECT_EQ(stage->graph().input(0).name(), "b0");
}

TEST(Cut, ACrossingStringIsRefused) {
  GraphBuilder graph = WithUnknownOperator();
  GraphBuilder::Declare(*graph.graph().add_value_info(), "b0", {-1}, onnx::TensorProto::STRING);
  const Result<onnx::ModelProto> stage = BuildSecond(graph);
  ASSERT_FALSE(stage);
  EXPECT_EQ(stage.error().message,
            "'b0' crosses a cut with elements of STRING, which cannot be handed over");
}

}  // namespace
}  // namespace delen::importer
