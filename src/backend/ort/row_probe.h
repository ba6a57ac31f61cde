// Tries out whether the rows of a batch know of each other.
#pragma once

#include <span>

#include "backend/backend.h"
#include "core/tensor.h"

namespace delen::backend {

// Runs four rows of random numbers, each of another magnitude, together and each
// alone: true when every tensor has the rows on axis 0 and each row is the same
// both ways. A graph that branches or scales by the whole batch (a sum, the
// range of a dynamic quantisation) is found by the row that the others drown.
//
// `model` gives OrtWorkspaces. False for inputs that are neither FP32 nor
// integers, and for a model that does not run on random numbers.
bool RowsAreIndependent(LoadedModel& model, std::span<const core::TensorSpec> inputs, int stages);

}  // namespace delen::backend
