// The JSON of an infer request as it was sent, before any model is asked
// whether it fits.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/parameters.h"
#include "core/tensor.h"

namespace delen::frontend {

struct JsonInput {
  std::string name;
  core::DataType datatype = core::DataType::kFp32;
  core::Shape shape;
  core::Parameters parameters;
  std::optional<core::Tensor> data;  // absent: the tensor is binary, beside the JSON
};

struct JsonOutput {
  std::string name;
  core::Parameters parameters;
};

struct InferJson {
  std::string id;
  core::Parameters parameters;
  std::vector<JsonInput> inputs;
  std::vector<JsonOutput> outputs;  // those asked for; empty: all
};

// Parses in one pass, without recursion. Tensor data whose datatype and shape
// come before it (the protocol's own order) goes straight into the tensor;
// other data is passed over and read once both are known.
//
// Errors: kInvalidArgument, saying which input and element, or at which byte.
Result<InferJson> ParseInferJson(std::string_view text);

}  // namespace delen::frontend
