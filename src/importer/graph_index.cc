#include "importer/graph_index.h"

#include <algorithm>
#include <array>
#include <functional>
#include <queue>
#include <utility>

#include "importer/subgraphs.h"

namespace delen::importer {
namespace {

constexpr std::array<std::string_view, 6> kRandomOperators = {"Bernoulli",     "Multinomial",
                                                              "RandomNormal",  "RandomNormalLike",
                                                              "RandomUniform", "RandomUniformLike"};

bool DrawsRandomNumbers(const onnx::NodeProto& node) {
  return std::find(kRandomOperators.begin(), kRandomOperators.end(), node.op_type()) !=
         kRandomOperators.end();
}

// The tensor of a Constant node; null for other nodes and other constants.
const onnx::TensorProto* ConstantTensor(const onnx::NodeProto& node) {
  const bool is_onnx = node.domain().empty() || node.domain() == "ai.onnx";
  const bool is_plain = is_onnx && node.op_type() == "Constant" && node.output_size() == 1 &&
                        node.attribute_size() == 1 && node.attribute(0).name() == "value";
  return is_plain && node.attribute(0).has_t() ? &node.attribute(0).t() : nullptr;
}

std::string Describe(const onnx::NodeProto& node) {
  return fmt::format("node '{:.64}' ({:.64})", node.name(), node.op_type());
}

}  // namespace

Result<GraphIndex> GraphIndex::Build(const onnx::GraphProto& graph) {
  GraphIndex index;
  if (Status ends = index.AddEnds(graph); !ends) return ends.error();
  if (Status nodes = index.AddNodes(graph); !nodes) return nodes.error();
  if (Status edges = index.Connect(); !edges) return edges.error();
  if (Status order = index.Sort(); !order) return order.error();
  index.MarkConstants();
  return index;
}

int GraphIndex::WriterOf(std::string_view name) const {
  const auto found = writers_.find(name);
  return found == writers_.end() ? -1 : found->second;
}

const onnx::TensorProto* GraphIndex::InitializerOf(std::string_view name) const {
  const auto found = initializers_.find(name);
  return found == initializers_.end() ? nullptr : found->second;
}

Status GraphIndex::AddEnds(const onnx::GraphProto& graph) {
  if (graph.sparse_initializer_size() > 0) {
    return Unsupported("the graph has sparse initialisers; store them dense");
  }
  for (const auto& tensor : graph.initializer()) {
    if (tensor.name().empty()) return InvalidArgument("an initialiser has no name");
    if (!initializers_.emplace(tensor.name(), &tensor).second) {
      return InvalidArgument("the initialiser '{:.128}' is given twice", tensor.name());
    }
  }
  for (const auto& input : graph.input()) {
    if (input.name().empty()) return InvalidArgument("an input of the graph has no name");
    if (!input_of_name_.emplace(input.name(), &input).second) {
      return InvalidArgument("the input '{:.128}' is declared twice", input.name());
    }
    // Up to IR version 3 initialisers are listed among the inputs; later such an
    // input has a default, which is what a served model uses.
    if (initializers_.count(input.name()) == 0) inputs_.push_back(&input);
  }
  return {};
}

Status GraphIndex::AddNodes(const onnx::GraphProto& graph) {
  for (const auto& proto : graph.node()) {
    for (const auto& output : proto.output()) {
      const bool is_taken = initializers_.count(output) != 0 || input_of_name_.count(output) != 0 ||
                            writers_.count(output) != 0;
      if (output.empty() || !is_taken) continue;
      return InvalidArgument("{} writes '{:.128}', which is already written elsewhere",
                             Describe(proto), output);
    }
    if (Status added = AddNode(proto); !added) return added;
  }
  return {};
}

Status GraphIndex::AddNode(const onnx::NodeProto& proto) {
  const onnx::TensorProto* constant = ConstantTensor(proto);
  if (constant != nullptr) {
    initializers_.emplace(proto.output(0), constant);
    return {};
  }
  for (const auto& output : proto.output()) {
    if (output.empty() || writers_.emplace(output, static_cast<int>(nodes_.size())).second)
      continue;
    return InvalidArgument("{} writes '{:.128}' twice", Describe(proto), output);
  }
  nodes_.push_back({&proto, NamesReadBy(proto), {}, false});
  return {};
}

Status GraphIndex::Connect() {
  for (Node& node : nodes_) {
    for (const std::string_view name : node.reads) {
      const int writer = WriterOf(name);
      if (writer >= 0) {
        node.predecessors.push_back(writer);
      } else if (initializers_.count(name) == 0 && input_of_name_.count(name) == 0) {
        return InvalidArgument("{} reads '{:.128}', which nothing writes", Describe(*node.proto),
                               name);
      }
    }
    std::sort(node.predecessors.begin(), node.predecessors.end());
    node.predecessors.erase(std::unique(node.predecessors.begin(), node.predecessors.end()),
                            node.predecessors.end());
  }
  return {};
}

// Kahn's algorithm; of the nodes that can run, the file's first goes first.
Status GraphIndex::Sort() {
  std::vector<std::vector<int>> successors(nodes_.size());
  std::vector<std::size_t> waiting_for(nodes_.size());
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (int id = 0; id < static_cast<int>(nodes_.size()); ++id) {
    const Node& node = nodes_[static_cast<std::size_t>(id)];
    waiting_for[static_cast<std::size_t>(id)] = node.predecessors.size();
    for (const int before : node.predecessors) {
      successors[static_cast<std::size_t>(before)].push_back(id);
    }
    if (node.predecessors.empty()) ready.push(id);
  }

  std::vector<Node> sorted;
  std::vector<int> new_id(nodes_.size(), -1);
  while (!ready.empty()) {
    const auto id = static_cast<std::size_t>(ready.top());
    ready.pop();
    new_id[id] = static_cast<int>(sorted.size());
    sorted.push_back(std::move(nodes_[id]));
    for (const int after : successors[id]) {
      if (--waiting_for[static_cast<std::size_t>(after)] == 0) ready.push(after);
    }
  }

  const auto stuck = std::find(new_id.begin(), new_id.end(), -1);
  if (stuck != new_id.end()) {
    const Node& node = nodes_[static_cast<std::size_t>(stuck - new_id.begin())];
    return InvalidArgument("the graph has a cycle: {} waits for its own result",
                           Describe(*node.proto));
  }
  const auto renumber = [&](int& id) { id = new_id[static_cast<std::size_t>(id)]; };
  for (Node& node : sorted)
    std::for_each(node.predecessors.begin(), node.predecessors.end(), renumber);
  for (auto& [name, writer] : writers_) renumber(writer);
  nodes_ = std::move(sorted);
  return {};
}

void GraphIndex::MarkConstants() {
  const auto is_constant = [&](std::string_view name) {
    const int writer = WriterOf(name);
    return writer >= 0 ? nodes_[static_cast<std::size_t>(writer)].is_constant
                       : initializers_.count(name) != 0;
  };
  for (Node& node : nodes_) {
    node.is_constant = !DrawsRandomNumbers(*node.proto) &&
                       std::all_of(node.reads.begin(), node.reads.end(), is_constant);
  }
}

}  // namespace delen::importer
