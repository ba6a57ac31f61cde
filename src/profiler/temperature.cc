#include "profiler/temperature.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace delen::profiler {

double NegativeLogLikelihood(std::span<const float> scores, std::size_t classes,
                             std::span<const std::int32_t> labels, double temperature) {
  double sum = 0.0;
  for (std::size_t sample = 0; sample < labels.size(); ++sample) {
    const std::span<const float> row = scores.subspan(sample * classes, classes);
    const double highest = *std::max_element(row.begin(), row.end());
    double powers = 0.0;
    for (const float score : row) powers += std::exp((score - highest) / temperature);
    const double right = row[static_cast<std::size_t>(labels[sample])];
    sum += std::log(powers) - (right - highest) / temperature;
  }
  return sum / static_cast<double>(labels.size());
}

double FitTemperature(std::span<const float> scores, std::size_t classes,
                      std::span<const std::int32_t> labels) {
  // The loss is convex in 1 / temperature, so it has one valley along the
  // logarithm too: golden section finds it.
  const auto loss = [&](double log_temperature) {
    return NegativeLogLikelihood(scores, classes, labels, std::exp(log_temperature));
  };
  constexpr double kRatio = std::numbers::phi - 1.0;
  constexpr double kTolerance = 1e-4;
  double low = std::log(kMinTemperature);
  double high = std::log(kMaxTemperature);
  double left = high - kRatio * (high - low);
  double right = low + kRatio * (high - low);
  double left_loss = loss(left);
  double right_loss = loss(right);
  while (high - low > kTolerance) {
    if (left_loss < right_loss) {
      high = right;
      right = left;
      right_loss = left_loss;
      left = high - kRatio * (high - low);
      left_loss = loss(left);
    } else {
      low = left;
      left = right;
      left_loss = right_loss;
      right = low + kRatio * (high - low);
      right_loss = loss(right);
    }
  }
  return std::exp((low + high) / 2.0);
}

}  // namespace delen::profiler
