// Whether stages may use all their threads, or only one because others keep the
// cores busy.
#pragma once

#include "base/units.h"

namespace delen::policy {

// A stage on two threads waits at every operator for the slower one. Beside busy
// neighbours that costs more than the second thread gains (three times the time
// on two cores), while one thread alone loses little. So: one thread as soon as
// the cores that are left do not hold all threads, all again once they have for
// a while.
//
// Threads: not thread-safe.
class ThreadBudget {
 public:
  // Cores must have been free for so long in a row before all threads return.
  static constexpr Seconds kPatience{0.5};

  ThreadBudget(int cores, int threads) : cores_(cores), threads_(threads) {}

  // So many cores were kept busy by others lately, up to `now`.
  void Update(double foreign_cores, TimePoint now);

  bool narrow() const { return narrow_; }

 private:
  int cores_;
  int threads_;
  bool narrow_ = false;
  TimePoint crowded_at_;  // last
};

}  // namespace delen::policy
