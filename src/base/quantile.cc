#include "base/quantile.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace delen {

double QuantileOfSorted(std::span<const double> sorted, double fraction) {
  assert(!sorted.empty() && fraction > 0.0 && fraction <= 1.0);
  const auto rank =
      static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(sorted.size())));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

double Quantile(std::vector<double> samples, double fraction) {
  std::sort(samples.begin(), samples.end());
  return QuantileOfSorted(samples, fraction);
}

}  // namespace delen
