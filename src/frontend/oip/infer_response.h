// The answer to an infer request, on the wire.
#pragma once

#include <string>
#include <string_view>

#include "core/request.h"

namespace delen::frontend {

// Appends the JSON of an answer: the model, the client's id, the account of the
// answer and its tenant as parameters, and the output. The output's elements are in the JSON,
// unless `binary`: then its bytes are to follow the JSON.
//
// Units:   latency_ms, queue_ms and device_ms in milliseconds, energy_mj in
//          millijoules, accuracy_estimate and confidence as shares of 1.
// Errors:  none. Floats that are not finite become null.
void AppendInferResponse(std::string& out, const core::Response& response, std::string_view id,
                         bool binary);

}  // namespace delen::frontend
