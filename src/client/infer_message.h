// What an infer request and its answer look like on the wire: JSON, with the
// tensors as bytes behind it (docs/protocol.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/bounds.h"
#include "core/parameters.h"
#include "core/tensor.h"

namespace delen::client {

// Names the header that says how many bytes of a body are JSON.
inline constexpr const char* kHeaderLength = "Inference-Header-Content-Length";

// An answer as the server sent it.
struct InferReply {
  core::Parameters parameters;  // exit, latency_ms, bounds_met, ...
  core::Tensor output;

  // Errors: kInternal when the server did not send it.
  Result<double> Number(std::string_view parameter) const;
  // The class with the highest score of each row. REQUIRES: a float32 output
  // with classes on the last axis.
  std::vector<int> BestClasses() const;
};

// The parameters that ask for these bounds.
core::Parameters ToParameters(const core::Bounds& bounds);

// The JSON of a request; the bytes of `inputs` are to follow it.
std::string InferHead(const std::vector<core::Tensor>& inputs, const core::Parameters& parameters);

// The answer in a body, of which the header kHeaderLength said `head_length`.
// Errors: kInternal when it is none.
Result<InferReply> ParseInferReply(std::string_view head_length, std::string_view body);

// What a status other than 200 means, in the words of the server if it had any.
Error RefusalOf(int http_status, std::string_view body);

}  // namespace delen::client
