#include "workload/stage_noise.h"

#include <cmath>

namespace delen::workload {

double LogDeviation(double coefficient_of_variation) {
  return std::sqrt(std::log1p(coefficient_of_variation * coefficient_of_variation));
}

StageNoise::StageNoise(double coefficient_of_variation, const RandomSource& random)
    : log_deviation_(LogDeviation(coefficient_of_variation)), random_(random) {}

double StageNoise::Next() { return std::exp(log_deviation_ * random_.Normal()); }

}  // namespace delen::workload
