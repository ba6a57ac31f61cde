// std::mutex with the annotations that let clang check who holds what
// (-Wthread-safety). Elsewhere the annotations vanish.
#pragma once

#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>

#include "base/units.h"

#if defined(__clang__)
#define DELEN_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define DELEN_THREAD_ANNOTATION(x)
#endif

#define GUARDED_BY(mutex) DELEN_THREAD_ANNOTATION(guarded_by(mutex))
#define REQUIRES(mutex) DELEN_THREAD_ANNOTATION(requires_capability(mutex))

namespace delen {

class DELEN_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void Lock() DELEN_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void Unlock() DELEN_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }

 private:
  friend class Condition;
  std::mutex mutex_;
};

// Holds a mutex for a scope.
class DELEN_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) DELEN_THREAD_ANNOTATION(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.Lock();
  }
  ~MutexLock() DELEN_THREAD_ANNOTATION(release_capability()) { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// A condition variable for Mutex.
class Condition {
 public:
  // Releases `mutex` while waiting. May wake without a cause: wait in a loop.
  void Wait(Mutex& mutex) REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  // As above, but not for longer than `time`, which may be infinite.
  void WaitFor(Mutex& mutex, Seconds time) REQUIRES(mutex) {
    if (time == Seconds(std::numeric_limits<double>::infinity())) return Wait(mutex);
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait_for(lock, std::chrono::duration<double>(time.value()));
    lock.release();
  }
  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace delen
