// Holds a request's tensors against what the model expects.
#pragma once

#include <vector>

#include "base/result.h"
#include "core/model_spec.h"
#include "core/tensor.h"

namespace delen::admission {

// Puts `inputs` into the model's order and returns the number of rows, which is
// the length of axis 0 where that is free, else 1.
// Errors: kInvalidArgument, naming the tensor, what it has and what is expected,
//         on a missing, unknown or repeated input, a datatype, shape or byte
//         count that does not fit, inputs that disagree on their rows, no rows
//         at all, or more than `max_rows`.
Result<int> CheckInputs(const core::ModelSpec& spec, int max_rows,
                        std::vector<core::Tensor>& inputs);

}  // namespace delen::admission
