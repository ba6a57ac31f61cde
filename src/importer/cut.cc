#include "importer/cut.h"

#include <algorithm>
#include <bit>
#include <set>
#include <utility>

#include "importer/exit_order.h"
#include "importer/onnx_types.h"

namespace delen::importer {
namespace {

constexpr int kNoStage = -1;
constexpr std::int64_t kFirstIrWithConstants = 4;

// The stage of each node: that of the first exit it works for. kNoStage for
// constants, which belong to every stage that reads them, and for nodes that no
// exit needs.
std::vector<int> AssignStages(const GraphIndex& index, const std::vector<std::string>& exits) {
  const std::vector<std::uint32_t> served = ExitsServedBy(index, exits);
  std::vector<int> stages(served.size(), kNoStage);
  for (std::size_t node = 0; node < served.size(); ++node) {
    if (served[node] == 0 || index.nodes()[node].is_constant) continue;
    stages[node] = std::countr_zero(served[node]);
  }
  return stages;
}

// The nodes of one stage, with the constants they read.
std::vector<int> NodesOf(const GraphIndex& index, const std::vector<int>& stages, int stage) {
  std::vector<bool> is_read(stages.size(), false);
  std::vector<int> nodes;
  for (std::size_t node = stages.size(); node-- > 0;) {
    if (stages[node] != stage && !(index.nodes()[node].is_constant && is_read[node])) continue;
    nodes.push_back(static_cast<int>(node));
    for (const int before : index.nodes()[node].predecessors) {
      is_read[static_cast<std::size_t>(before)] = true;
    }
  }
  std::reverse(nodes.begin(), nodes.end());
  return nodes;
}

// Names ordered by who writes them, the model's inputs first: the same model
// always gives the same files.
using NamesByWriter = std::set<std::pair<int, std::string>>;

std::vector<std::string> Names(const NamesByWriter& names) {
  std::vector<std::string> list;
  for (const auto& [writer, name] : names) list.push_back(name);
  return list;
}

Stage PlanStage(const GraphIndex& index, const std::vector<int>& stages, int stage) {
  Stage plan;
  plan.nodes = NodesOf(index, stages, stage);
  NamesByWriter inputs;
  std::set<std::string> initializers;
  for (const int node : plan.nodes) {
    for (const std::string_view name : index.nodes()[static_cast<std::size_t>(node)].reads) {
      const int writer = index.WriterOf(name);
      if (index.InitializerOf(name) != nullptr) {
        initializers.emplace(name);
      } else if (!std::binary_search(plan.nodes.begin(), plan.nodes.end(), writer)) {
        inputs.emplace(writer, name);
      }
    }
  }
  plan.inputs = Names(inputs);
  plan.initializers.assign(initializers.begin(), initializers.end());
  return plan;
}

Result<onnx::ValueInfoProto> Declare(const std::string& name, const TypeTable& types) {
  const auto found = types.find(name);
  const int element_type = ElementTypeOf(types, name);
  if (element_type == onnx::TensorProto::UNDEFINED) {
    return Unsupported(
        "the type of '{:.128}', which crosses a cut, cannot be told{}; add it to "
        "the graph's value_info, as a tensor",
        name, found == types.end() ? "" : " or is no tensor's");
  }
  const auto datatype = ToDataType(element_type);
  if (!datatype || *datatype == core::DataType::kBytes) {
    return Unsupported("'{:.128}' crosses a cut with elements of {}, which cannot be handed over",
                       name, OnnxTypeName(element_type));
  }
  onnx::ValueInfoProto value;
  value.set_name(name);
  *value.mutable_type() = found->second;
  return value;
}

Status DeclareAll(const std::vector<std::string>& names, const TypeTable& types,
                  google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>& values) {
  for (const std::string& name : names) {
    Result<onnx::ValueInfoProto> value = Declare(name, types);
    if (!value) return value.error();
    *values.Add() = *std::move(value);
  }
  return {};
}

}  // namespace

std::vector<Stage> PlanStages(const GraphIndex& index, const std::vector<std::string>& exits) {
  const std::vector<int> stages = AssignStages(index, exits);
  std::vector<Stage> plans;
  std::vector<NamesByWriter> crossing(exits.size());  // by the stage that writes
  for (int stage = 0; stage < static_cast<int>(exits.size()); ++stage) {
    plans.push_back(PlanStage(index, stages, stage));
    for (const std::string& name : plans.back().inputs) {
      const int writer = index.WriterOf(name);
      if (writer < 0) continue;
      const int from = stages[static_cast<std::size_t>(writer)];
      crossing[static_cast<std::size_t>(from)].emplace(writer, name);
    }
  }
  for (std::size_t stage = 0; stage < exits.size(); ++stage) {
    crossing[stage].erase({index.WriterOf(exits[stage]), exits[stage]});
    plans[stage].outputs = Names(crossing[stage]);
    plans[stage].outputs.insert(plans[stage].outputs.begin(), exits[stage]);
  }
  return plans;
}

Result<onnx::ModelProto> BuildStage(const onnx::ModelProto& model, const GraphIndex& index,
                                    const TypeTable& types, const Stage& stage, int number) {
  onnx::ModelProto built;
  // Before version 4 initialisers had to be inputs, too.
  built.set_ir_version(std::max(model.ir_version(), kFirstIrWithConstants));
  built.set_producer_name("delen");
  *built.mutable_opset_import() = model.opset_import();
  *built.mutable_functions() = model.functions();
  onnx::GraphProto& graph = *built.mutable_graph();
  graph.set_name(fmt::format("stage_{}", number));
  for (const int node : stage.nodes) {
    *graph.add_node() = *index.nodes()[static_cast<std::size_t>(node)].proto;
  }
  if (Status in = DeclareAll(stage.inputs, types, *graph.mutable_input()); !in) return in.error();
  if (Status out = DeclareAll(stage.outputs, types, *graph.mutable_output()); !out) {
    return out.error();
  }
  return built;
}

}  // namespace delen::importer
