#include "profiler/calibration_error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace delen::profiler {

double CalibrationError(std::span<const Judgement> judgements) {
  struct Bin {
    double confidence = 0.0;  // sum
    double correct = 0.0;     // count
  };
  std::array<Bin, kCalibrationBins> bins;
  for (const Judgement& judgement : judgements) {
    const double place = std::clamp(judgement.confidence, 0.0, 1.0) * kCalibrationBins;
    const auto index = std::min(static_cast<std::size_t>(place), bins.size() - 1);
    bins[index].confidence += judgement.confidence;
    bins[index].correct += judgement.correct ? 1.0 : 0.0;
  }
  // |mean confidence - share correct| times the bin's weight: the counts cancel.
  double error = 0.0;
  for (const Bin& bin : bins) error += std::abs(bin.confidence - bin.correct);
  return judgements.empty() ? 0.0 : error / static_cast<double>(judgements.size());
}

}  // namespace delen::profiler
