#include "base/clock.h"

#include <chrono>

namespace delen {

TimePoint SteadyClock::Now() const {
  const std::chrono::duration<double> since_origin =
      std::chrono::steady_clock::now().time_since_epoch();
  return TimePoint(Seconds(since_origin.count()));
}

}  // namespace delen
