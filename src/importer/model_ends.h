// What a model takes and gives, in the terms of the protocol.
#pragma once

#include <onnx/onnx_pb.h>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model_spec.h"
#include "importer/cut.h"
#include "importer/graph_index.h"
#include "importer/type_inference.h"

namespace delen::importer {

// The exits to cut at: `wanted`, or all outputs of the graph when it is empty.
// Errors: kInvalidArgument when one is no output, is named twice, or there are
//         none or more than core::kMaxExits.
Result<std::vector<std::string>> ChooseExits(const onnx::GraphProto& graph,
                                             const std::vector<std::string>& wanted);

// The inputs of the model that some stage reads.
// Errors: kUnsupported on strings, sequences and element types that the
//         protocol does not know; kInvalidArgument when the rank is not declared
//         or there is no input.
Result<std::vector<core::TensorSpec>> DescribeInputs(const GraphIndex& index,
                                                     const std::vector<Stage>& stages);

// The one output that is served, whichever exit answers: an axis that is
// dynamic or unknown at one exit is -1.
// Errors: as for inputs, and kInvalidArgument when two exits differ.
Result<core::TensorSpec> DescribeOutput(const TypeTable& types,
                                        const std::vector<std::string>& exits,
                                        const std::string& name);

// Probabilities when all exits come from a Softmax, logits when they are
// floating-point numbers of shape [batch, classes], else none.
// Errors: kInvalidArgument when only some exits come from a Softmax.
Result<core::ScoreKind> GuessScores(const GraphIndex& index, const std::vector<std::string>& exits,
                                    const core::TensorSpec& output);

}  // namespace delen::importer
