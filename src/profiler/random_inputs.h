// Inputs to time a model with.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "core/model_spec.h"

namespace delen::profiler {

// The rows of the batches that a model runs on: `rows`, or what its inputs
// insist on.
std::int64_t BatchRows(const core::ModelSpec& spec, std::int64_t rows);

// One tensor per input, of BatchRows(rows) rows. Floating point numbers are
// uniform in [0, 1): zeros would let sparse paths look fast, and what falls out
// of zeros may be denormal and look slow. Whole numbers are 0 or 1, bytes any.
// The same seed gives the same inputs.
// Errors: kUnsupported for inputs of unknown size: a free axis beside the
//         batch's, or BYTES.
Result<std::vector<core::Tensor>> RandomInputs(const core::ModelSpec& spec, std::int64_t rows,
                                               std::uint64_t seed);

}  // namespace delen::profiler
