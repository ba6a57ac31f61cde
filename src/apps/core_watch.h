// Watches how busy others keep the cores, and tells the lane when its stages
// should make do with one thread.
#pragma once

#include <thread>

#include "base/clock.h"
#include "base/mutex.h"
#include "executor/foreign_load.h"
#include "policy/thread_budget.h"
#include "scheduler/lane.h"

namespace delen::apps {

class CoreWatch {
 public:
  // Looks ten times a second: often enough for neighbours that come and go by the
  // second, seldom enough to cost nothing.
  static constexpr Seconds kInterval{0.1};

  // `lane` and `clock` must outlive this. Starts a thread.
  CoreWatch(const policy::ThreadBudget& budget, scheduler::Lane& lane, const Clock& clock);
  ~CoreWatch();
  CoreWatch(const CoreWatch&) = delete;
  CoreWatch& operator=(const CoreWatch&) = delete;

 private:
  void Loop();
  bool Look();

  scheduler::Lane& lane_;
  const Clock& clock_;
  executor::ForeignLoad load_;
  policy::ThreadBudget budget_;
  Mutex mutex_;
  Condition stop_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: starts when all else is there
};

}  // namespace delen::apps
