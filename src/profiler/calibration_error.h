// How far confidence is from the share of right answers.
#pragma once

#include <span>

namespace delen::profiler {

// What one exit makes of one sample.
struct Judgement {
  double confidence = 0.0;
  bool correct = false;
};

inline constexpr int kCalibrationBins = 15;

// Expected calibration error: the distance of mean confidence from the share of
// right answers in each of kCalibrationBins bins of equal width, weighted by how
// many samples the bin holds. 0 is perfect; 0 for no samples.
// Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017,
//         equation (3).
double CalibrationError(std::span<const Judgement> judgements);

}  // namespace delen::profiler
