#include "importer/cut_model.h"

#include <utility>

#include "importer/cut.h"
#include "importer/exit_order.h"
#include "importer/flops.h"
#include "importer/graph_index.h"
#include "importer/model_ends.h"
#include "importer/subgraphs.h"
#include "importer/type_inference.h"

namespace delen::importer {
namespace {

constexpr char kDefaultOutput[] = "output";

// Tensors in attributes go into the stages as they are, so their bytes must be
// with them.
Status CheckAttributes(const onnx::NodeProto& node) {
  Status status;
  ForEachAttributeTensor(node, [&](const onnx::TensorProto& tensor) {
    if (!IsExternal(tensor)) return;
    status = Unsupported("a tensor in an attribute of node '{:.64}' ({:.64}) is external data",
                         node.name(), node.op_type());
  });
  return status;
}

Status CheckAllAttributes(const onnx::ModelProto& model, const GraphIndex& index) {
  for (const GraphIndex::Node& node : index.nodes()) {
    if (Status status = CheckAttributes(*node.proto); !status) return status;
  }
  for (const auto& function : model.functions()) {
    for (const auto& node : function.node()) {
      if (Status status = CheckAttributes(node); !status) return status;
    }
  }
  return {};
}

std::vector<double> NodeFlops(const onnx::ModelProto& model, const GraphIndex& index) {
  const TypeTable types = InferTypes(model, index, DynamicAxes::kAsOne);
  std::vector<double> flops;
  for (const GraphIndex::Node& node : index.nodes()) {
    flops.push_back(node.is_constant ? 0.0 : FlopsOf(*node.proto, types));
  }
  return flops;
}

std::vector<double> StageFlops(const std::vector<Stage>& stages,
                               const std::vector<double>& node_flops) {
  std::vector<double> flops;
  for (const Stage& stage : stages) {
    double sum = 0.0;
    for (const int node : stage.nodes) sum += node_flops[static_cast<std::size_t>(node)];
    flops.push_back(sum);
  }
  return flops;
}

// Gives the built stage its initialisers. Those inside the bodies of its nodes
// came with the nodes; only the external ones among them have to move.
Status PlaceWeights(const GraphIndex& index, const Stage& stage, WeightsFile& weights,
                    onnx::GraphProto& graph) {
  Status status;
  const auto place = [&](const std::string& name, const onnx::TensorProto& tensor,
                         onnx::TensorProto& target) {
    Result<onnx::TensorProto> placed = weights.Place(name, tensor);
    if (placed) {
      target = *std::move(placed);
    } else if (status) {
      status = placed.error();
    }
  };
  for (const std::string& name : stage.initializers) {
    place(name, *index.InitializerOf(name), *graph.add_initializer());
  }
  for (auto& node : *graph.mutable_node()) {
    ForEachInnerInitializer(node, [&](onnx::TensorProto& tensor) {
      if (IsExternal(tensor)) place(tensor.name(), onnx::TensorProto(tensor), tensor);
    });
  }
  return status;
}

Result<std::vector<onnx::ModelProto>> BuildStages(const onnx::ModelProto& model,
                                                  const GraphIndex& index, const TypeTable& types,
                                                  const std::vector<Stage>& stages,
                                                  WeightsFile& weights) {
  std::vector<onnx::ModelProto> built;
  for (const Stage& stage : stages) {
    Result<onnx::ModelProto> one =
        BuildStage(model, index, types, stage, static_cast<int>(built.size()));
    if (!one) return one.error();
    if (Status placed = PlaceWeights(index, stage, weights, *one->mutable_graph()); !placed) {
      return placed.error();
    }
    built.push_back(*std::move(one));
  }
  return built;
}

// Fills in what the model looks like from outside.
Status DescribeEnds(const GraphIndex& index, const TypeTable& types,
                    const std::vector<Stage>& stages, const CutOptions& options, CutModel& cut) {
  Result<std::vector<core::TensorSpec>> inputs = DescribeInputs(index, stages);
  if (!inputs) return inputs.error();
  const std::string own_name = cut.exits.size() == 1 ? cut.exits.front() : kDefaultOutput;
  Result<core::TensorSpec> output =
      DescribeOutput(types, cut.exits, options.output.empty() ? own_name : options.output);
  if (!output) return output.error();
  const Result<core::ScoreKind> scores =
      options.scores ? *options.scores : GuessScores(index, cut.exits, *output);
  if (!scores) return scores.error();
  cut.inputs = *std::move(inputs);
  cut.output = *std::move(output);
  cut.scores = *scores;
  return {};
}

}  // namespace

Result<CutModel> CutIntoStages(const onnx::ModelProto& model, const CutOptions& options,
                               WeightsFile& weights) {
  // 1. Look at the graph.
  const Result<GraphIndex> index = GraphIndex::Build(model.graph());
  if (!index) return index.error();
  if (Status status = CheckAllAttributes(model, *index); !status) return status.error();
  const Result<std::vector<std::string>> chosen = ChooseExits(model.graph(), options.exits);
  if (!chosen) return chosen.error();

  // 2. Decide where to cut.
  const std::vector<double> node_flops = NodeFlops(model, *index);
  Result<std::vector<std::string>> exits = OrderExits(*index, *chosen, node_flops);
  if (!exits) return exits.error();
  const std::vector<Stage> stages = PlanStages(*index, *exits);

  // 3. Cut.
  CutModel cut;
  cut.exits = *std::move(exits);
  const TypeTable types = InferTypes(model, *index, DynamicAxes::kKeep);
  if (Status ends = DescribeEnds(*index, types, stages, options, cut); !ends) return ends.error();
  Result<std::vector<onnx::ModelProto>> built = BuildStages(model, *index, types, stages, weights);
  if (!built) return built.error();
  cut.stages = *std::move(built);
  cut.stage_flops = StageFlops(stages, node_flops);
  return cut;
}

}  // namespace delen::importer
