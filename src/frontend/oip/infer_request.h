// An infer request off the wire: from a body to what the house can work on.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "core/model_spec.h"
#include "core/request.h"

namespace delen::frontend {

// The bytes of a request and a share in what holds them.
struct RequestBody {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

// What is known of a request once it was read.
struct InferCall {
  core::Request request;       // without model, version and arrival: the caller knows those
  std::string id;              // the client's own, sent back to it
  bool binary_output = false;  // answer with bytes beside the JSON
};

// Reads the body of an infer request for a model. Whether the inputs are those
// of the model is left to admission, which asks it of requests from any wire.
//
// `json_length` is the value of Inference-Header-Content-Length: absent means
// that all of the body is JSON, 0 that all of it is the model's one input.
//
// Memory: binary inputs are views into the body and share its owner.
// Errors: kInvalidArgument and kUnsupported, naming the input or parameter and
//         what was expected.
Result<InferCall> ParseInferRequest(const RequestBody& body, std::optional<std::size_t> json_length,
                                    const core::ModelSpec& model);

}  // namespace delen::frontend
