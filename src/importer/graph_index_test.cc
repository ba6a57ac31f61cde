#include "importer/graph_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "importer/testing/example_graphs.h"

namespace delen::importer {
namespace {

using ::testing::ElementsAre;
using testing::GraphBuilder;
using ::testing::HasSubstr;

std::vector<std::string> Operators(const GraphIndex& index) {
  std::vector<std::string> operators;
  for (const auto& node : index.nodes()) operators.push_back(node.proto->op_type());
  return operators;
}

std::string ErrorOf(const GraphBuilder& builder) {
  GraphBuilder copy = builder;
  const Result<GraphIndex> index = GraphIndex::Build(copy.graph());
  return index ? "no error" : index.error().message;
}

TEST(GraphIndex, PutsWritersBeforeReaders) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4});
  graph.Node("Add", {"b", "a"}, {"c"});
  graph.Node("Tanh", {"a"}, {"b"});
  graph.Node("Relu", {"x"}, {"a"});
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_THAT(Operators(*index), ElementsAre("Relu", "Tanh", "Add"));
  EXPECT_EQ(index->WriterOf("b"), 1);
  EXPECT_EQ(index->WriterOf("x"), -1);
  EXPECT_THAT(index->nodes()[2].predecessors, ::testing::UnorderedElementsAre(0, 1));
}

TEST(GraphIndex, KeepsTheFilesOrderWhereItCan) {
  GraphBuilder graph = testing::Ladder();
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  ASSERT_TRUE(index);
  for (std::size_t i = 0; i < index->nodes().size(); ++i) {
    EXPECT_EQ(index->nodes()[i].proto, &graph.graph().node(static_cast<int>(i)));
  }
}

TEST(GraphIndex, InitializersAmongTheInputsAreNoInputs) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4}).Input("w", {4, 2}).Weights("w", {4, 2});
  graph.Node("MatMul", {"x", "w"}, {"y"});
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  ASSERT_TRUE(index);
  ASSERT_EQ(index->inputs().size(), 1U);
  EXPECT_EQ(index->inputs()[0]->name(), "x");
}

TEST(GraphIndex, SubgraphsReadFromOutside) {
  GraphBuilder graph = testing::Branches();
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  ASSERT_TRUE(index) << index.error().message;
  const int choice = index->WriterOf("chosen");
  const auto& reads = index->nodes()[static_cast<std::size_t>(choice)].reads;
  EXPECT_THAT(reads, ::testing::UnorderedElementsAre("is_big", "b0", "outer"));
}

TEST(GraphIndex, ConstantsAreWhatDependsOnNoInput) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4}).Weights("w", {4});
  graph.Node("Identity", {"w"}, {"copy"});
  graph.Node("RandomNormal", {}, {"noise"});
  graph.Node("Add", {"copy", "x"}, {"y"});
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  ASSERT_TRUE(index);
  EXPECT_TRUE(index->nodes()[0].is_constant);
  EXPECT_FALSE(index->nodes()[1].is_constant);  // a second run would draw other numbers
  EXPECT_FALSE(index->nodes()[2].is_constant);
}

TEST(GraphIndex, RefusesWhatCannotRun) {
  GraphBuilder cycle;
  cycle.Input("x", {-1, 4});
  cycle.Node("Add", {"x", "b"}, {"a"});
  cycle.Node("Relu", {"a"}, {"b"});
  EXPECT_EQ(ErrorOf(cycle), "the graph has a cycle: node 'Add_a' (Add) waits for its own result");

  GraphBuilder itself;
  itself.Node("Relu", {"a"}, {"a"});
  EXPECT_THAT(ErrorOf(itself), HasSubstr("the graph has a cycle"));

  GraphBuilder twice;
  twice.Input("x", {-1, 4}).Relu("x", "a").Relu("x", "a");
  EXPECT_EQ(ErrorOf(twice), "node 'Relu_a' (Relu) writes 'a', which is already written elsewhere");

  GraphBuilder over_input;
  over_input.Input("x", {-1, 4}).Relu("x", "x");
  EXPECT_THAT(ErrorOf(over_input), HasSubstr("already written elsewhere"));

  GraphBuilder nothing_writes;
  nothing_writes.Relu("ghost", "a");
  EXPECT_EQ(ErrorOf(nothing_writes), "node 'Relu_a' (Relu) reads 'ghost', which nothing writes");

  EXPECT_THAT(ErrorOf(GraphBuilder().Weights("w", {1}).Weights("w", {1})),
              HasSubstr("given twice"));
  EXPECT_THAT(ErrorOf(GraphBuilder().Input("x", {1}).Input("x", {1})), HasSubstr("declared twice"));
  GraphBuilder sparse;
  sparse.graph().add_sparse_initializer();
  EXPECT_THAT(ErrorOf(sparse), HasSubstr("sparse initialisers"));
}

TEST(GraphIndex, AVeryLongChainNeedsNoStack) {
  GraphBuilder graph;
  graph.Input("t0", {-1, 4});
  constexpr int kNodes = 200'000;
  for (int i = kNodes; i > 0; --i) {  // last first, so that sorting has all the work
    auto& node = *graph.graph().add_node();
    node.set_op_type("Relu");
    node.add_input("t" + std::to_string(i - 1));
    node.add_output("t" + std::to_string(i));
  }
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  ASSERT_TRUE(index);
  EXPECT_EQ(index->WriterOf("t" + std::to_string(kNodes)), kNodes - 1);
}

}  // namespace
}  // namespace delen::importer
