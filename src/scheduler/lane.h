// One thread bound to one device: asks the scheduler what to do, does it, and
// reports back.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "core/request.h"
#include "executor/executor.h"
#include "scheduler/lane_observer.h"
#include "scheduler/scheduler.h"

namespace delen::scheduler {

// Called exactly once per request, from the lane's thread or from Submit's
// caller. Must not block.
using Done = std::function<void(Result<core::Response>)>;

// A request that fits its model: inputs in the model's order, all of `rows` rows.
struct Submission {
  core::RequestId id = 0;
  core::Request request;
  std::shared_ptr<executor::ServedModel> model;
  int rows = 1;
  TenantTerms tenant;
  // Keeps what `tenant.policy` points to.
  std::shared_ptr<const policy::Policy> policy;
  Done done;
};

// What a lane is doing at one instant.
struct LaneState {
  double slowdown = 1.0;
  std::size_t waiting = 0;  // requests that were let in and are not running
  int threads = 0;          // of the stage that started last; 0: none has yet
};

// Threads: all methods may be called from any thread.
class Lane {
 public:
  // `clock` and `observer`, if any, must outlive the lane. Starts the thread.
  Lane(const SchedulerOptions& options, const Clock& clock, LaneObserver* observer = nullptr);
  // Fails what is still waiting with kUnavailable and joins the thread.
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Queues a request, or refuses it at once through its `done`.
  void Submit(Submission submission);
  void Cancel(core::RequestId id);

  LaneState state();

  // Whether requests that arrive from now on should run on one thread, because
  // others keep the cores busy.
  void SetNarrow(bool narrow) { narrow_ = narrow; }
  bool narrow() const { return narrow_; }

 private:
  // A submission while it is in, and the memory it runs in once started.
  struct InFlight {
    Submission submission;
    executor::WorkspaceLease lease;
  };

  // What the lane's thread does next: run a stage, or finish a submission,
  // which then has left its slot.
  struct Work {
    Action action;
    InFlight finished;
  };

  void Loop();
  std::optional<Work> WaitForWork();
  void NoteStart(const Action& action) REQUIRES(mutex_);
  executor::BatchOutcome Run(const Action& action);
  static Status Begin(InFlight& job);
  void Finish(Work work);

  void TellStage(const Action& action, Seconds time) const;
  void TellAnswer(const Submission& submission, const core::Account& account) const;
  void TellRefused(const Submission& submission, ErrorCode why) const;

  const Clock& clock_;
  LaneObserver* const observer_;  // null: nobody listens
  const executor::Executor executor_;
  std::atomic<bool> narrow_ = false;
  Mutex mutex_;
  Condition work_;
  Scheduler scheduler_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::size_t running_ GUARDED_BY(mutex_) = 0;  // requests that share the stage that runs
  int threads_ GUARDED_BY(mutex_) = 0;          // of the stage that started last
  // By slot. A slot is filled and emptied under the lock; in between only the
  // lane's thread touches it.
  std::vector<InFlight> in_flight_;
  std::thread thread_;  // last: starts when all else is there
};

}  // namespace delen::scheduler
