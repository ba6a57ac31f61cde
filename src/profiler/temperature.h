// The one number that makes an exit's confidence honest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace delen::profiler {

// Samples whose scores are all right, or all wrong, would ask for 0 or infinity.
inline constexpr double kMinTemperature = 0.05;
inline constexpr double kMaxTemperature = 20.0;

// Mean of -log(probability of the right class) under softmax(scores / temperature),
// in nats.
//
// Shapes: scores [labels.size(), classes], float32, row-major.
double NegativeLogLikelihood(std::span<const float> scores, std::size_t classes,
                             std::span<const std::int32_t> labels, double temperature);

// The temperature of least negative log likelihood, to a hundredth of a percent.
//
// Shapes: as above, with at least one sample.
// Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017,
//         section 4.2 (temperature scaling).
double FitTemperature(std::span<const float> scores, std::size_t classes,
                      std::span<const std::int32_t> labels);

}  // namespace delen::profiler
