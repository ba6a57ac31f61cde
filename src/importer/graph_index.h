// A graph's nodes in an order they can run in, and who writes and reads what.
#pragma once

#include <onnx/onnx_pb.h>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace delen::importer {

// Memory:  points into the graph, which must outlive it unchanged.
class GraphIndex {
 public:
  struct Node {
    const onnx::NodeProto* proto;
    std::vector<std::string_view> reads;  // what subgraphs capture included
    std::vector<int> predecessors;        // the nodes that write what it reads
    // Gives the same on every run: it depends on no input, only on
    // initialisers, and draws no random numbers.
    bool is_constant;
  };

  // Errors: kInvalidArgument when a tensor is written twice, read but never
  //         written, or depends on itself; kUnsupported for sparse initialisers.
  static Result<GraphIndex> Build(const onnx::GraphProto& graph);

  // Writers before readers; otherwise as in the file.
  const std::vector<Node>& nodes() const { return nodes_; }
  // What a run must be given: the graph's inputs that have no initialiser.
  const std::vector<const onnx::ValueInfoProto*>& inputs() const { return inputs_; }
  // -1 when no node writes this name.
  int WriterOf(std::string_view name) const;
  // By name, which the tensor itself may not carry. Constant nodes that hold a
  // tensor count as initialisers, not as nodes.
  const std::unordered_map<std::string_view, const onnx::TensorProto*>& initializers() const {
    return initializers_;
  }
  // Null when there is none of this name.
  const onnx::TensorProto* InitializerOf(std::string_view name) const;

 private:
  Status AddEnds(const onnx::GraphProto& graph);
  Status AddNodes(const onnx::GraphProto& graph);
  Status AddNode(const onnx::NodeProto& proto);
  Status Connect();
  Status Sort();
  void MarkConstants();

  std::vector<Node> nodes_;
  std::vector<const onnx::ValueInfoProto*> inputs_;
  std::unordered_map<std::string_view, const onnx::TensorProto*> initializers_;
  std::unordered_map<std::string_view, const onnx::ValueInfoProto*> input_of_name_;
  std::unordered_map<std::string_view, int> writers_;
};

}  // namespace delen::importer
