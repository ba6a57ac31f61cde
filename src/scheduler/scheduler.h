// Decides which stage runs next and which answers go out: the passive heart of
// the server, driven alike by the lane's thread, by tests and by the simulator.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "core/exit_table.h"
#include "core/request.h"
#include "policy/delen_policy.h"
#include "policy/floor_rule.h"
#include "policy/policy.h"
#include "policy/slowdown.h"
#include "policy/stop_rule_policy.h"

namespace delen::scheduler {

// What the scheduler knows of one request.
struct Job {
  core::RequestId id = 0;
  TimePoint arrival;  // first byte read; bounds count from here
  core::Bounds bounds;
  std::shared_ptr<const core::StopRule> stop_rule;
  const core::ExitTable* exits = nullptr;  // of its model; outlives the job
  int rows = 1;
};

// A place for one job. Free again once its last action was handed out.
using Slot = std::size_t;

// What to do next.
struct Action {
  enum class Kind {
    kRunStage,  // run `stage`, then report OnStageDone
    kAnswer,    // the job is finished: answer as `account` says
    kFail,      // the job is finished: hand out `error`
  };

  Kind kind = Kind::kRunStage;
  Slot slot = 0;
  core::RequestId id = 0;
  int stage = 0;
  core::Account account;
  Error error;
};

// What came of a stage.
struct StageReport {
  Slot slot = 0;
  Status status;
  Seconds time;
  double confidence = 0.0;
};

struct SchedulerOptions {
  std::size_t max_jobs = 256;  // admitted and not yet answered
  // Kept free of every latency bound, for writing the answer.
  Seconds response_reserve = FromMilliseconds(0.05);
};

// One lane's worth of scheduling. Earliest deadline first, jobs without a bound
// on latency last, in order of arrival; at every stage boundary the choice is
// made anew, so an urgent arrival goes before the next stage of a patient job.
//
// Every job that was admitted gets exactly one kAnswer or kFail.
//
// Memory:  all of it is taken at construction; no call allocates, but for the
//          text of an error.
// Threads: not thread-safe. No clock, lock or thread of its own: the time is
//          passed in and must not go back.
class Scheduler {
 public:
  explicit Scheduler(const SchedulerOptions& options);

  // Admits a job.
  // Errors: kOverloaded when `max_jobs` are in already, kInfeasible when the
  //         job's bounds cannot be kept and it asked to be told.
  Result<Slot> OnArrival(const Job& job, TimePoint now);

  // Takes in what came of the stage that the last kRunStage asked for.
  void OnStageDone(StageReport report, TimePoint now);

  // The client went away: a waiting job fails at once, a running one when its
  // stage is done. Unknown ids are ignored.
  void OnCancel(core::RequestId id);

  // No more stages: what waits fails with kUnavailable, what runs when its stage
  // is done.
  void OnShutdown();

  // The next thing to do, if any. While a stage runs, only finished jobs are
  // handed out.
  std::optional<Action> Next(TimePoint now);

  double slowdown() const { return slowdown_.value(); }
  std::size_t job_count() const { return jobs_.size() - free_.size(); }
  bool stage_running() const { return running_; }

 private:
  enum class State { kFree, kReady, kRunning, kAnswered, kFailed };

  struct Entry {
    State state = State::kFree;
    Job job;
    policy::FloorRule floor;
    std::array<double, core::kMaxExits> confidences{};
    std::size_t reached = 0;
    TimePoint ready_since;
    Seconds queue;
    Seconds device;
    Joules energy;
    std::optional<ErrorCode> withdrawn;  // cancelled or shut down while running
    core::Account account;               // kAnswered
    Error error;                         // kFailed
  };

  policy::Decision Decide(const Entry& entry, TimePoint now) const;
  void Answer(Entry& entry, int exit, TimePoint now);
  void Fail(Entry& entry, Error error);
  void Withdraw(Entry& entry, ErrorCode why);
  void Settle(Entry& entry, TimePoint now);
  void Charge(Entry& entry, Seconds stage_time);
  std::optional<double> AccuracyEstimate(const Entry& entry, int exit) const;
  std::optional<Slot> FindFinished() const;
  std::optional<Slot> FindMostUrgent() const;
  Action HandOut(Slot slot);
  Action Start(Slot slot, TimePoint now);

  const policy::DelenPolicy delen_policy_;
  const policy::StopRulePolicy stop_rule_policy_;
  policy::SlowdownEstimator slowdown_;
  std::vector<Entry> jobs_;  // by slot
  std::vector<Slot> free_;
  bool running_ = false;
};

}  // namespace delen::scheduler
