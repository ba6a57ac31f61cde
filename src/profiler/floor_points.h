// What leaving early costs in accuracy and saves in work: the menu from which an
// accuracy floor chooses (policy/floor_rule.h).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/profile.h"
#include "profiler/calibration_error.h"

namespace delen::profiler {

// By exit, by sample; all exits have seen the same samples.
using Judgements = std::vector<std::vector<Judgement>>;

// The exit whose answer goes out when a run ends at each exit: the most accurate
// so far, the shallowest of equals, as in serving.
std::vector<std::size_t> AnsweringExits(std::span<const double> accuracies);

// What becomes of the samples when each leaves at the first exit whose
// confidence reaches `threshold`, and at `last_exit` regardless.
core::FloorPoint SimulateFloor(const Judgements& judgements,
                               std::span<const std::size_t> answering_exits,
                               std::span<const double> cumulative_flops, int last_exit,
                               double threshold);

// The points no other point beats in both accuracy and work, cheapest first, at
// most kMaxFloorPoints. Tried are, for each last exit that is worth more than
// those before it, quantiles of the confidences before it, and never leaving
// early.
inline constexpr std::size_t kMaxFloorPoints = 200;
std::vector<core::FloorPoint> MakeFloorPoints(const Judgements& judgements,
                                              std::span<const double> cumulative_flops);

// The non-beaten of `points`, cheapest first; the first of equals.
std::vector<core::FloorPoint> ParetoFront(std::vector<core::FloorPoint> points);

}  // namespace delen::profiler
