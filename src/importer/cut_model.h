// From one ONNX model to stages and a description, in memory.
#pragma once

#include <onnx/onnx_pb.h>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model_spec.h"
#include "importer/weights_file.h"

namespace delen::importer {

// What the file itself cannot tell.
struct CutOptions {
  std::vector<std::string> exits;         // in any order; empty means all outputs
  std::string output;                     // empty: the exit's own name, "output" for several
  std::optional<core::ScoreKind> scores;  // absent: guessed from the graph
};

struct CutModel {
  std::vector<core::TensorSpec> inputs;
  core::TensorSpec output;
  std::vector<std::string> exits;  // shallow to deep
  core::ScoreKind scores = core::ScoreKind::kNone;
  std::vector<onnx::ModelProto> stages;
  std::vector<double> stage_flops;
};

// The model may be hostile: nothing in it makes this crash or take memory out
// of proportion to its size.
//
// Errors: kInvalidArgument and kUnsupported, with one sentence about what
//         stands in the way; `weights` may have been written to by then.
Result<CutModel> CutIntoStages(const onnx::ModelProto& model, const CutOptions& options,
                               WeightsFile& weights);

}  // namespace delen::importer
