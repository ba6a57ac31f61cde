// By how much the time of one and the same stage varies from run to run.
#pragma once

#include "base/random.h"

namespace delen::workload {

// The standard deviation of the logarithm of a log-normal distribution whose
// standard deviation is `coefficient_of_variation` times its mean.
double LogDeviation(double coefficient_of_variation);

// Log-normal factors whose median is 1: a stage's p50 times a factor is what one
// run of it takes.
//
// Threads: not thread-safe.
class StageNoise {
 public:
  StageNoise(double coefficient_of_variation, const RandomSource& random);

  double Next();

 private:
  double log_deviation_;
  RandomSource random_;
};

}  // namespace delen::workload
