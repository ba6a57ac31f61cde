// Where time comes from. Deciding code takes a TimePoint; only doing code asks
// a Clock, so that tests and the simulator own the time.
#pragma once

#include "base/units.h"

namespace delen {

// Threads: Now() may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  // Never goes back.
  virtual TimePoint Now() const = 0;
};

// The machine's monotonic clock.
class SteadyClock final : public Clock {
 public:
  TimePoint Now() const override;
};

}  // namespace delen
