// Cuts a graph into one stage per exit. A stage computes what its exit needs
// and no earlier exit did; tensors cross the cuts by name.
#pragma once

#include <onnx/onnx_pb.h>
#include <string>
#include <vector>

#include "base/result.h"
#include "importer/graph_index.h"
#include "importer/type_inference.h"

namespace delen::importer {

struct Stage {
  std::vector<int> nodes;                 // of the GraphIndex, ascending
  std::vector<std::string> inputs;        // the model's, or outputs of any earlier stage
  std::vector<std::string> outputs;       // the exit's tensor, then what later stages read
  std::vector<std::string> initializers;  // sorted
};

// One stage per exit; `exits` come from OrderExits. Constant nodes are repeated
// in each stage that reads them: constants never cross a cut.
std::vector<Stage> PlanStages(const GraphIndex& index, const std::vector<std::string>& exits);

// The stage as a model of its own, without its initialisers.
// Errors: kUnsupported when a tensor that crosses the cut has no known element
//         type or one that cannot be handed over.
Result<onnx::ModelProto> BuildStage(const onnx::ModelProto& model, const GraphIndex& index,
                                    const TypeTable& types, const Stage& stage, int number);

}  // namespace delen::importer
