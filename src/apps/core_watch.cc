#include "apps/core_watch.h"

#include <spdlog/spdlog.h>

namespace delen::apps {

CoreWatch::CoreWatch(const policy::ThreadBudget& budget, scheduler::Lane& lane, const Clock& clock)
    : lane_(lane), clock_(clock), budget_(budget), thread_([this] { Loop(); }) {}

CoreWatch::~CoreWatch() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  stop_.NotifyOne();
  thread_.join();
}

void CoreWatch::Loop() {
  while (Look()) {
    const MutexLock lock(mutex_);
    if (!stopping_) stop_.WaitFor(mutex_, kInterval);
    if (stopping_) return;
  }
}

// False when there is nothing to be seen here.
bool CoreWatch::Look() {
  const TimePoint now = clock_.Now();
  const Result<double> foreign = load_.Read(now);
  if (!foreign) {
    spdlog::warn("threads will not adapt to busy neighbours: {}", foreign.error().message);
    return false;
  }
  budget_.Update(*foreign, now);
  if (budget_.narrow() != lane_.narrow()) {
    spdlog::info("others keep {:.1f} cores busy: stages run on {}", *foreign,
                 budget_.narrow() ? "one thread" : "all their threads");
    lane_.SetNarrow(budget_.narrow());
  }
  return true;
}

}  // namespace delen::apps
