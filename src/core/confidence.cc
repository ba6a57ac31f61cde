#include "core/confidence.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace delen::core {

double RowConfidence(std::span<const float> scores, ScoreKind kind, double temperature) {
  assert(!scores.empty() && temperature > 0.0);
  const float highest = *std::max_element(scores.begin(), scores.end());
  if (kind == ScoreKind::kProbabilities) return highest;
  double sum = 0.0;
  for (const float score : scores) {
    sum += std::exp((static_cast<double>(score) - highest) / temperature);
  }
  // NaN scores must not look like certainty.
  return std::isfinite(sum) ? 1.0 / sum : 0.0;
}

std::optional<double> BatchConfidence(std::span<const float> scores, std::size_t classes,
                                      ScoreKind kind, double temperature) {
  if (kind == ScoreKind::kNone || classes == 0) return std::nullopt;
  double lowest = 1.0;
  for (std::size_t row = 0; row + classes <= scores.size(); row += classes) {
    lowest = std::min(lowest, RowConfidence(scores.subspan(row, classes), kind, temperature));
  }
  return lowest;
}

}  // namespace delen::core
