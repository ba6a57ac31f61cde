// A clock that stands still until a test moves it.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace delen::testing {

// Threads: one thread moves it, any thread reads it.
class ManualClock final : public Clock {
 public:
  TimePoint Now() const override { return now_.load(); }
  void Advance(Seconds step) { now_ = now_.load() + step; }

 private:
  std::atomic<TimePoint> now_{TimePoint()};
};

}  // namespace delen::testing
