// How much slower the machine is now than when its profile was made.
#pragma once

#include <array>
#include <cstddef>

#include "base/units.h"

namespace delen::policy {

// The median of the last nine ratios of measured to profiled stage time: one
// late stage does not move it, five in a row do. What it says beyond 1 fades
// when no stage has run for a while: an estimate that kept requests out would
// never learn better.
//
// Units:   a ratio; 1 means "as profiled", 2 "twice as slow".
// Threads: not thread-safe; each lane owns one.
// Errors:  none. A sample with a non-positive profiled time is ignored.
class SlowdownEstimator {
 public:
  // Without a sample for this long, a factor e of the excess is forgotten.
  static constexpr Seconds kFading{1.0};

  void Update(Seconds measured, Seconds profiled, TimePoint now);

  // 1 until the first sample.
  double At(TimePoint now) const;

 private:
  static constexpr std::size_t kWindow = 9;

  std::array<double, kWindow> ratios_{};
  std::size_t count_ = 0;  // samples seen
  double median_ = 1.0;
  TimePoint updated_;
};

}  // namespace delen::policy
