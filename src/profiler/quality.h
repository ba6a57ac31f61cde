// How good a model's exits are, judged from what they answered.
#pragma once

#include <span>
#include <string>

#include "core/profile.h"
#include "profiler/all_exits.h"

namespace delen::profiler {

// Temperatures are fitted on every other sample, from the first on, and judged on
// those between; accuracies and floor points are over all. Probabilities are
// taken as they are: their temperature is 1.
core::Quality JudgeExits(const Answers& answers, core::ScoreKind kind,
                         std::span<const double> cumulative_flops, std::string data_name);

}  // namespace delen::profiler
