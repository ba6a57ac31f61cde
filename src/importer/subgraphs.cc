#include "importer/subgraphs.h"

#include <unordered_set>

namespace delen::importer {
namespace {

using Names = std::unordered_set<std::string_view>;

template <class Node, class Visit>
void ForEachSubgraph(Node& node, Visit visit) {
  if constexpr (std::is_const_v<Node>) {
    for (const auto& attribute : node.attribute()) {
      if (attribute.has_g()) visit(attribute.g());
      for (const auto& graph : attribute.graphs()) visit(graph);
    }
  } else {
    for (auto& attribute : *node.mutable_attribute()) {
      if (attribute.has_g()) visit(*attribute.mutable_g());
      for (auto& graph : *attribute.mutable_graphs()) visit(graph);
    }
  }
}

Names NamesDefinedIn(const onnx::GraphProto& graph) {
  Names names;
  for (const auto& input : graph.input()) names.insert(input.name());
  for (const auto& tensor : graph.initializer()) names.insert(tensor.name());
  for (const auto& tensor : graph.sparse_initializer()) names.insert(tensor.values().name());
  for (const auto& node : graph.node()) names.insert(node.output().begin(), node.output().end());
  return names;
}

void AddNamesReadBy(const onnx::NodeProto& node, Names& names);

// What `graph` uses and does not define, subgraphs of its nodes included.
void AddNamesCapturedBy(const onnx::GraphProto& graph, Names& names) {
  Names used;
  for (const auto& node : graph.node()) AddNamesReadBy(node, used);
  for (const auto& output : graph.output()) used.insert(output.name());
  const Names defined = NamesDefinedIn(graph);
  for (const std::string_view name : used) {
    if (defined.count(name) == 0) names.insert(name);
  }
}

void AddNamesReadBy(const onnx::NodeProto& node, Names& names) {
  names.insert(node.input().begin(), node.input().end());
  ForEachSubgraph(node, [&](const onnx::GraphProto& graph) { AddNamesCapturedBy(graph, names); });
}

}  // namespace

std::vector<std::string_view> NamesReadBy(const onnx::NodeProto& node) {
  Names names;
  AddNamesReadBy(node, names);
  names.erase("");
  return {names.begin(), names.end()};
}

void ForEachInnerInitializer(onnx::NodeProto& node,
                             const std::function<void(onnx::TensorProto&)>& visit) {
  ForEachSubgraph(node, [&](onnx::GraphProto& graph) {
    for (auto& tensor : *graph.mutable_initializer()) visit(tensor);
    for (auto& inner : *graph.mutable_node()) ForEachInnerInitializer(inner, visit);
  });
}

void ForEachAttributeTensor(const onnx::NodeProto& node,
                            const std::function<void(const onnx::TensorProto&)>& visit) {
  for (const auto& attribute : node.attribute()) {
    if (attribute.has_t()) visit(attribute.t());
    for (const auto& tensor : attribute.tensors()) visit(tensor);
  }
  ForEachSubgraph(node, [&](const onnx::GraphProto& graph) {
    for (const auto& inner : graph.node()) ForEachAttributeTensor(inner, visit);
  });
}

}  // namespace delen::importer
