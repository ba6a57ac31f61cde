#include "sim/input.h"

#include <algorithm>
#include <cmath>

namespace delen::sim {

double Input::ConfidenceAt(const core::ExitTable& exits, int exit) const {
  const double accuracy = std::clamp(exits.accuracy(exit).value_or(1.0), 0.01, 1.0);
  return std::pow(easiness_, (1.0 - accuracy) / accuracy);
}

}  // namespace delen::sim
