#include "importer/exit_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "importer/testing/example_graphs.h"

namespace delen::importer {
namespace {

using ::testing::ElementsAre;
using testing::GraphBuilder;
using ::testing::HasSubstr;
using testing::Names;

// All nodes cost the same.
Result<Names> Order(GraphBuilder graph, const Names& exits) {
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  if (!index) return index.error();
  return OrderExits(*index, exits, std::vector<double>(index->nodes().size(), 1.0));
}

std::string ErrorOf(const GraphBuilder& graph, const Names& exits) {
  const Result<Names> order = Order(graph, exits);
  return order ? "no error" : order.error().message;
}

TEST(ExitOrder, IsFoundWhateverOrderTheExitsAreGivenIn) {
  Names exits = {"exit_0", "exit_1", "exit_2"};
  do {
    for (const GraphBuilder& graph : {testing::Ladder(), testing::SkipOverTwoCuts(),
                                      testing::SharedHead(), testing::ExitFeedsExit()}) {
      const Result<Names> order = Order(graph, exits);
      ASSERT_TRUE(order) << order.error().message;
      EXPECT_THAT(*order, ElementsAre("exit_0", "exit_1", "exit_2"));
    }
  } while (std::next_permutation(exits.begin(), exits.end()));
}

TEST(ExitOrder, OneExitIsInOrder) {
  const Result<Names> order = Order(testing::OneExit(), {"scores"});
  ASSERT_TRUE(order) << order.error().message;
  EXPECT_THAT(*order, ElementsAre("scores"));
}

TEST(ExitOrder, SomeOfTheOutputsMayBeLeftOut) {
  const Result<Names> order = Order(testing::Ladder(), {"exit_2", "exit_0"});
  ASSERT_TRUE(order) << order.error().message;
  EXPECT_THAT(*order, ElementsAre("exit_0", "exit_2"));
}

TEST(ExitOrder, BehindOneTrunkTheCheaperExitComesFirst) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4}).Relu("x", "trunk").Relu("trunk", "a").Relu("trunk", "b");
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  ASSERT_TRUE(index);
  EXPECT_THAT(*OrderExits(*index, {"a", "b"}, {1, 9, 2}), ElementsAre("b", "a"));
  EXPECT_THAT(*OrderExits(*index, {"a", "b"}, {1, 2, 9}), ElementsAre("a", "b"));
  EXPECT_THAT(*OrderExits(*index, {"b", "a"}, {1, 2, 2}), ElementsAre("b", "a"));
}

TEST(ExitOrder, AHeavyHeadDoesNotMakeAnExitDeep) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4}).Relu("x", "b0").Relu("b0", "b1").Relu("b1", "b2");
  graph.Relu("b0", "e0").Relu("b1", "e1").Relu("b2", "e2");
  const Result<GraphIndex> index = GraphIndex::Build(graph.graph());
  ASSERT_TRUE(index);
  EXPECT_THAT(*OrderExits(*index, {"e2", "e1", "e0"}, {1, 1, 1, 1000, 1, 1}),
              ElementsAre("e0", "e1", "e2"));
}

TEST(ExitOrder, ExitsThatShareNothingAreRefused) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4}).Relu("x", "a").Relu("x", "b");
  EXPECT_EQ(ErrorOf(graph, {"a", "b"}),
            "the exits do not nest: 'a' shares no node with another exit");
}

TEST(ExitOrder, ATreeOfExitsIsRefused) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4}).Relu("x", "trunk").Relu("trunk", "left").Relu("trunk", "right");
  for (const char* side : {"left", "right"}) {
    graph.Relu(side, std::string(side) + "_0").Relu(side, std::string(side) + "_1");
  }
  EXPECT_THAT(ErrorOf(graph, {"left_0", "left_1", "right_0", "right_1"}),
              HasSubstr("the exits do not nest: node 'Relu_left' (Relu) works for 'left_1' and a "
                        "deeper exit, but not for 'right_0' between them"));
}

TEST(ExitOrder, SharedConstantsAreNoTrunk) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4}).Weights("w", {4});
  graph.Node("Identity", {"w"}, {"copy"});
  graph.Node("Add", {"x", "copy"}, {"a"});
  graph.Node("Mul", {"x", "copy"}, {"b"});
  EXPECT_THAT(ErrorOf(graph, {"a", "b"}), HasSubstr("do not nest"));
}

TEST(ExitOrder, ExitsMustBeComputed) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4}).Weights("w", {4});
  graph.Node("Identity", {"w"}, {"copy"});
  graph.Relu("x", "y");
  for (const char* exit : {"x", "w", "copy"}) {
    EXPECT_THAT(ErrorOf(graph, {exit}), HasSubstr("is not computed from the model's inputs"));
  }
}

TEST(ExitOrder, TwoExitsOfOneNodeAreRefused) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4});
  graph.Node("Split", {"x"}, {"a", "b"});
  EXPECT_EQ(ErrorOf(graph, {"a", "b"}),
            "the exits 'a' and 'b' leave the same node, with no stage between them");
}

}  // namespace
}  // namespace delen::importer
