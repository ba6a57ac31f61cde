// How much slower the machine is now than when its profile was made.
#pragma once

#include <array>
#include <cstddef>

#include "base/units.h"

namespace delen::policy {

// The median of the last nine ratios of measured to profiled stage time: one
// late stage does not move it, five in a row do.
//
// Units:   a ratio; 1 means "as profiled", 2 "twice as slow".
// Threads: not thread-safe; each lane owns one.
// Errors:  none. A sample with a non-positive profiled time is ignored.
class SlowdownEstimator {
 public:
  void Update(Seconds measured, Seconds profiled);

  // 1 until the first sample.
  double value() const { return value_; }

 private:
  static constexpr std::size_t kWindow = 9;

  std::array<double, kWindow> ratios_{};
  std::size_t count_ = 0;  // samples seen
  double value_ = 1.0;
};

}  // namespace delen::policy
