#include "profiler/floor_points.h"

#include <algorithm>

#include "base/quantile.h"

namespace delen::profiler {
namespace {

constexpr int kThresholds = 48;
// No confidence reaches it.
constexpr double kNeverEarly = 2.0;

double Accuracy(const std::vector<Judgement>& exit) {
  const auto correct = std::count_if(exit.begin(), exit.end(),
                                     [](const Judgement& judgement) { return judgement.correct; });
  return static_cast<double>(correct) / static_cast<double>(exit.size());
}

// Thresholds spread evenly over the confidences that the exits before `last_exit`
// have, so that each lets some more samples leave.
std::vector<double> Thresholds(const Judgements& judgements, std::size_t last_exit) {
  std::vector<double> thresholds = {kNeverEarly};
  std::vector<double> confidences;
  for (std::size_t exit = 0; exit < last_exit; ++exit) {
    for (const Judgement& judgement : judgements[exit]) confidences.push_back(judgement.confidence);
  }
  if (confidences.empty()) return thresholds;
  std::sort(confidences.begin(), confidences.end());
  for (int i = 1; i <= kThresholds; ++i) {
    const double threshold = QuantileOfSorted(confidences, (i - 0.5) / kThresholds);
    if (threshold != thresholds.back()) thresholds.push_back(threshold);
  }
  return thresholds;
}

// At most `limit` (two or more) of `points`, spread evenly, both ends kept.
std::vector<core::FloorPoint> ThinOut(std::vector<core::FloorPoint> points, std::size_t limit) {
  if (points.size() <= limit) return points;
  std::vector<core::FloorPoint> kept;
  for (std::size_t i = 0; i < limit; ++i) {
    kept.push_back(points[i * (points.size() - 1) / (limit - 1)]);
  }
  return kept;
}

}  // namespace

std::vector<std::size_t> AnsweringExits(std::span<const double> accuracies) {
  std::vector<std::size_t> answering;
  std::size_t best = 0;
  for (std::size_t exit = 0; exit < accuracies.size(); ++exit) {
    if (accuracies[exit] > accuracies[best]) best = exit;
    answering.push_back(best);
  }
  return answering;
}

core::FloorPoint SimulateFloor(const Judgements& judgements,
                               std::span<const std::size_t> answering_exits,
                               std::span<const double> cumulative_flops, int last_exit,
                               double threshold) {
  const std::size_t samples = judgements.front().size();
  double flops = 0.0;
  std::size_t correct = 0;
  for (std::size_t sample = 0; sample < samples; ++sample) {
    std::size_t exit = 0;
    while (exit < static_cast<std::size_t>(last_exit) &&
           judgements[exit][sample].confidence < threshold) {
      ++exit;
    }
    flops += cumulative_flops[exit];
    correct += judgements[answering_exits[exit]][sample].correct ? 1 : 0;
  }
  const auto count = static_cast<double>(samples);
  return {last_exit, threshold, static_cast<double>(correct) / count, flops / count};
}

std::vector<core::FloorPoint> MakeFloorPoints(const Judgements& judgements,
                                              std::span<const double> cumulative_flops) {
  std::vector<double> accuracies;
  for (const auto& exit : judgements) accuracies.push_back(Accuracy(exit));
  const std::vector<std::size_t> answering = AnsweringExits(accuracies);
  std::vector<core::FloorPoint> points;
  for (std::size_t last = 0; last < judgements.size(); ++last) {
    if (answering[last] != last) continue;  // worth no more than an earlier one
    for (const double threshold : Thresholds(judgements, last)) {
      points.push_back(SimulateFloor(judgements, answering, cumulative_flops,
                                     static_cast<int>(last), threshold));
    }
  }
  return ThinOut(ParetoFront(std::move(points)), kMaxFloorPoints);
}

std::vector<core::FloorPoint> ParetoFront(std::vector<core::FloorPoint> points) {
  std::stable_sort(points.begin(), points.end(),
                   [](const core::FloorPoint& a, const core::FloorPoint& b) {
                     return a.flops != b.flops ? a.flops < b.flops : a.accuracy > b.accuracy;
                   });
  std::vector<core::FloorPoint> front;
  for (const core::FloorPoint& point : points) {
    if (front.empty() || point.accuracy > front.back().accuracy) front.push_back(point);
  }
  return front;
}

}  // namespace delen::profiler
