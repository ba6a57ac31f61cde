// Order statistics of a sample.
#pragma once

#include <span>
#include <vector>

namespace delen {

// The smallest sample with at least `fraction` of the samples at or below it
// (nearest rank). `fraction` is in (0, 1]; `sorted` is ascending and not empty.
double QuantileOfSorted(std::span<const double> sorted, double fraction);

// As above, for samples in any order.
double Quantile(std::vector<double> samples, double fraction);

}  // namespace delen
