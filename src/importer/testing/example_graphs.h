// The graphs that both the cutting tests and the exactness test go through.
#pragma once

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "importer/testing/graph_builder.h"

namespace delen::importer::testing {

// x -> b0 -> b1 -> b2, an exit behind each; outputs declared deepest first.
inline GraphBuilder Ladder() {
  GraphBuilder graph;
  graph.Input("x", {-1, 16});
  graph.Dense("x", "m0", 16, 32).Relu("m0", "b0").Dense("b0", "exit_0", 32, 10);
  graph.Dense("b0", "m1", 32, 32).Relu("m1", "b1").Dense("b1", "exit_1", 32, 10);
  graph.Dense("b1", "m2", 32, 64).Relu("m2", "b2").Dense("b2", "exit_2", 64, 10);
  graph.Output("exit_2", {-1, 10}).Output("exit_0", {-1, 10}).Output("exit_1", {-1, 10});
  return graph;
}

// Block 0's result skips over one cut into block 1's end and over two into
// block 2's end.
inline GraphBuilder SkipOverTwoCuts() {
  GraphBuilder graph;
  graph.Input("x", {-1, 16});
  graph.Dense("x", "m0", 16, 32).Relu("m0", "b0").Dense("b0", "exit_0", 32, 10);
  graph.Dense("b0", "m1", 32, 32).Relu("m1", "r1");
  graph.Node("Add", {"r1", "b0"}, {"b1"});
  graph.Dense("b1", "exit_1", 32, 10);
  graph.Dense("b1", "m2", 32, 32).Relu("m2", "r2");
  graph.Node("Add", {"r2", "b0"}, {"b2"});
  graph.Dense("b2", "exit_2", 32, 10);
  graph.Output("exit_0", {-1, 10}).Output("exit_1", {-1, 10}).Output("exit_2", {-1, 10});
  return graph;
}

// Two tensors of different width cross the one cut, and the later stage reads
// the model's input once more.
inline GraphBuilder TwoTensorsCross() {
  GraphBuilder graph;
  graph.Input("x", {-1, 16}).Input("y", {-1, 8});
  graph.Dense("x", "left", 16, 32).Dense("y", "right", 8, 24);
  SetInt(graph.Node("Concat", {"left", "right"}, {"both"}), "axis", 1);
  graph.Dense("both", "exit_0", 56, 5);
  graph.Relu("left", "l1").Relu("right", "r1");
  SetInt(graph.Node("Concat", {"l1", "r1", "x"}, {"all"}), "axis", 1);
  graph.Dense("all", "exit_1", 72, 5);
  graph.Output("exit_0", {-1, 5}).Output("exit_1", {-1, 5});
  return graph;
}

inline GraphBuilder OneExit() {
  GraphBuilder graph;
  graph.Input("x", {-1, 16});
  graph.Dense("x", "m0", 16, 32).Relu("m0", "b0").Dense("b0", "scores", 32, 10);
  graph.Output("scores", {-1, 10});
  return graph;
}

// One classifier, used behind every block; its bias goes through an Identity
// node, as in exports of untrained nets.
inline GraphBuilder SharedHead() {
  GraphBuilder graph;
  graph.Input("x", {-1, 32}).Weights("bias", {10});
  graph.Node("Identity", {"bias"}, {"bias_copy"});
  const auto head = [&](const std::string& in, const std::string& exit) {
    graph.Dense(in, exit + "_scores", 32, 10, "w_head");
    graph.Node("Add", {exit + "_scores", "bias_copy"}, {exit});
    graph.Output(exit, {-1, 10});
  };
  graph.Dense("x", "m0", 32, 32).Relu("m0", "b0");
  head("b0", "exit_0");
  graph.Dense("b0", "m1", 32, 32).Relu("m1", "b1");
  head("b1", "exit_1");
  graph.Dense("b1", "m2", 32, 32).Relu("m2", "b2");
  head("b2", "exit_2");
  return graph;
}

// Each exit's own tensor goes into the next: a running mean of the heads.
inline GraphBuilder ExitFeedsExit() {
  GraphBuilder graph;
  graph.Input("x", {-1, 16});
  graph.Dense("x", "m0", 16, 32).Relu("m0", "b0").Dense("b0", "exit_0", 32, 10);
  graph.Dense("b0", "m1", 32, 32).Relu("m1", "b1").Dense("b1", "h1", 32, 10);
  graph.Node("Add", {"h1", "exit_0"}, {"exit_1"});
  graph.Dense("b1", "m2", 32, 32).Relu("m2", "b2").Dense("b2", "h2", 32, 10);
  graph.Node("Add", {"h2", "exit_1"}, {"exit_2"});
  graph.Output("exit_1", {-1, 10}).Output("exit_2", {-1, 10}).Output("exit_0", {-1, 10});
  return graph;
}

// Convolutions with groups, pooling, and a reshape computed from the batch, as
// exporters write it.
inline GraphBuilder Convolutions() {
  GraphBuilder graph;
  graph.Input("x", {-1, 4, 8, 8});
  graph.Weights("k0", {16, 4, 3, 3}).Weights("k1", {32, 8, 3, 3});
  SetInts(graph.Node("Conv", {"x", "k0"}, {"c0"}), "pads", {1, 1, 1, 1});
  graph.Relu("c0", "b0");
  const auto head = [&](const std::string& in, const std::string& exit, std::int64_t channels) {
    graph.Node("GlobalAveragePool", {in}, {exit + "_pool"});
    graph.Node("Shape", {in}, {exit + "_shape"});
    auto& zero = graph.Node("Constant", {}, {exit + "_zero"});
    auto& attribute = *zero.add_attribute();
    attribute.set_name("value");
    attribute.set_type(onnx::AttributeProto::TENSOR);
    attribute.mutable_t()->set_data_type(onnx::TensorProto::INT64);
    attribute.mutable_t()->add_dims(1);
    attribute.mutable_t()->add_int64_data(0);
    auto& width = *graph.graph().add_initializer();
    width.set_name(exit + "_width");
    width.set_data_type(onnx::TensorProto::INT64);
    width.add_dims(1);
    width.add_int64_data(channels);
    graph.Node("Gather", {exit + "_shape", exit + "_zero"}, {exit + "_batch"});
    SetInt(graph.Node("Concat", {exit + "_batch", exit + "_width"}, {exit + "_flat"}), "axis", 0);
    graph.Node("Reshape", {exit + "_pool", exit + "_flat"}, {exit + "_row"});
    graph.Dense(exit + "_row", exit, channels, 10);
    graph.Output(exit, {-1, 10});
  };
  head("b0", "exit_0", 16);
  auto& conv = graph.Node("Conv", {"b0", "k1"}, {"c1"});
  SetInts(conv, "strides", {2, 2});
  SetInts(conv, "pads", {1, 1, 1, 1});
  SetInt(conv, "group", 2);
  graph.Relu("c1", "b1");
  head("b1", "exit_1", 32);
  return graph;
}

// The second stage decides by If; its branches take tensors of the first stage
// and an initialiser from outside.
inline GraphBuilder Branches() {
  GraphBuilder graph;
  graph.Input("x", {-1, 16}).Weights("outer", {1, 32});
  graph.Dense("x", "m0", 16, 32).Relu("m0", "b0").Dense("b0", "exit_0", 32, 10);
  SetInt(graph.Node("ReduceSum", {"b0"}, {"sum"}), "keepdims", 0);
  auto& limit = *graph.graph().add_initializer();
  limit.set_name("limit");
  limit.set_data_type(onnx::TensorProto::FLOAT);
  limit.add_float_data(4.0F);
  graph.Node("Greater", {"sum", "limit"}, {"is_big"});
  auto& choice = graph.Node("If", {"is_big"}, {"chosen"});
  const auto branch = [&](const std::string& name, const std::string& op) {
    auto& attribute = *choice.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::GRAPH);
    auto& body = *attribute.mutable_g();
    body.set_name(name);
    auto& node = *body.add_node();
    node.set_op_type(op);
    node.add_input("b0");
    node.add_input("outer");
    node.add_output(name + "_out");
    GraphBuilder::Declare(*body.add_output(), name + "_out", {-1, 32});
  };
  branch("then_branch", "Add");
  branch("else_branch", "Mul");
  graph.Dense("chosen", "exit_1", 32, 10);
  graph.Output("exit_0", {-1, 10}).Output("exit_1", {-1, 10});
  return graph;
}

// Opset 18, whose reductions take their axes as an input, and exits with a
// softmax.
inline GraphBuilder NewerOpset() {
  GraphBuilder graph(18);
  graph.Input("x", {-1, 4, 8});
  auto& axes = *graph.graph().add_initializer();
  axes.set_name("axes");
  axes.set_data_type(onnx::TensorProto::INT64);
  axes.add_dims(1);
  axes.add_int64_data(1);
  graph.Dense("x", "m0", 8, 32).Relu("m0", "b0");
  SetInt(graph.Node("ReduceMean", {"b0", "axes"}, {"p0"}), "keepdims", 0);
  graph.Dense("p0", "s0", 32, 10);
  SetInt(graph.Node("Softmax", {"s0"}, {"exit_0"}), "axis", -1);
  graph.Dense("p0", "m1", 32, 32).Relu("m1", "b1").Dense("b1", "s1", 32, 10);
  SetInt(graph.Node("Softmax", {"s1"}, {"exit_1"}), "axis", -1);
  graph.Output("exit_0", {-1, 10}).Output("exit_1", {-1, 10});
  return graph;
}

struct ExampleGraph {
  std::string name;
  onnx::ModelProto model;

  friend std::ostream& operator<<(std::ostream& out, const ExampleGraph& graph) {
    return out << graph.name;
  }
};

inline std::vector<ExampleGraph> ExampleGraphs() {
  return {{"Ladder", Ladder().model()},
          {"SkipOverTwoCuts", SkipOverTwoCuts().model()},
          {"TwoTensorsCross", TwoTensorsCross().model()},
          {"OneExit", OneExit().model()},
          {"SharedHead", SharedHead().model()},
          {"ExitFeedsExit", ExitFeedsExit().model()},
          {"Convolutions", Convolutions().model()},
          {"Branches", Branches().model()},
          {"NewerOpset", NewerOpset().model()}};
}

}  // namespace delen::importer::testing
