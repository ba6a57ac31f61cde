// Decides which stage runs next and which answers go out: the passive heart of
// the server, driven alike by the lane's thread, by tests and by the simulator.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "core/exit_table.h"
#include "core/request.h"
#include "core/tenant.h"
#include "policy/claim.h"
#include "policy/delen_policy.h"
#include "policy/fair_share.h"
#include "policy/policy.h"
#include "policy/slowdown.h"
#include "policy/stream_estimator.h"
#include "scheduler/entry.h"

namespace delen::scheduler {

// What to do next.
struct Action {
  enum class Kind {
    kRunStage,  // run `stage` for all of `slots` at once, then report OnStageDone
    kAnswer,    // the job in slots[0] is finished: answer as `account` says
    kFail,      // the job in slots[0] is finished: hand out `error`
  };

  Kind kind = Kind::kRunStage;
  Slots slots;
  core::RequestId id = 0;  // of the job in slots[0]
  int stage = 0;
  core::Account account;
  Error error;
};

// What came of a stage.
struct StageReport {
  Status status;
  Seconds time;
  std::span<const double> confidences;  // one per slot of the action
};

struct SchedulerOptions {
  std::size_t max_jobs = 256;  // admitted and not yet answered
  // Kept free of every latency bound, for writing the answer.
  Seconds response_reserve = FromMilliseconds(0.05);
  // A job whose latency bound was given up, or that has none, is served as if it
  // were due this long after its arrival: nobody waits for ever.
  Seconds patience = Seconds(1.0);
};

// One lane's worth of scheduling. What runs next is asked of the jobs' policies
// at every stage boundary; tenants that have had more than their weighted share
// of the device come after those that have not.
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
  // Errors: kOverloaded when no place is free, kInfeasible or kOverloaded when
  //         the job's bounds cannot be kept and it asked to be told.
  Result<Slot> OnArrival(const Job& job, TimePoint now);

  // Takes in what came of the stage that the last kRunStage asked for.
  void OnStageDone(const StageReport& report, TimePoint now);

  // The client went away: a waiting job fails at once, a running one when its
  // stage is done. Unknown ids are ignored.
  void OnCancel(core::RequestId id, TimePoint now);

  // No more stages: what waits fails with kUnavailable, what runs when its stage
  // is done.
  void OnShutdown(TimePoint now);

  // The next thing to do, if any. While a stage runs, only finished jobs are
  // handed out.
  std::optional<Action> Next(TimePoint now);

  // When Next had nothing to do: the time to ask again, should nothing happen
  // before. Never while a stage runs.
  TimePoint wake() const { return wake_; }

  // Of stages on as many threads, one or more, as the last arrival's model uses.
  double slowdown(TimePoint now) const { return slowdowns_[kind_].At(now); }
  std::size_t job_count() const { return jobs_.size() - free_.size(); }
  bool stage_running() const { return unit_.running; }

 private:
  static std::size_t KindOf(const core::ExitTable& exits) { return exits.threads() > 1 ? 1 : 0; }

  // The jobs that run together, and how far before the policy is asked again.
  struct Unit {
    Slots slots;
    int stage = 0;
    int exit = 0;
    bool running = false;
    TimePoint free_at;  // when the stage is expected to be done
  };

  Status Check(Entry& entry, TimePoint now);
  bool HasPlaceFor(std::uint32_t tenant) const;
  void CountStream(const Entry& entry, TimePoint now);

  void Observe(Seconds time, const Slots& slots, int rows, TimePoint now);
  void Charge(Entry& entry, Seconds time, TimePoint now);
  void TakeIn(Slot slot, double confidence, TimePoint now);
  void TakeInFault(Slot slot, const Error& error, bool was_batch, TimePoint now);
  int RowsOf(const Slots& slots) const;

  void Withdraw(Slot slot, ErrorCode why, TimePoint now);
  void Answer(Slot slot, int exit, TimePoint now);
  void Fail(Slot slot, Error error, TimePoint now);
  void Finish(Slot slot, TimePoint now);

  bool Choose(TimePoint now);
  void Leave(Slot slot, const policy::Plan& plan, TimePoint now);
  void Gather(const policy::Queue& queue, const policy::Plan& plan);
  void GiveUpDeadlines(TimePoint now);
  void SetOrder(TimePoint now, std::optional<std::uint32_t> for_tenant = std::nullopt);
  policy::Conditions ConditionsAt(TimePoint now) const;
  policy::Queue QueueAt(TimePoint now);
  boost::container::static_vector<const policy::Policy*, 16> PoliciesInUse() const;
  policy::Queue Of(const policy::Queue& queue, const policy::Policy& policy);
  const policy::Policy& PolicyOf(const Entry& entry) const;
  // The waiting job in a slot, as a projection.
  auto WaitingIn() const {
    return [this](Slot slot) -> const policy::WaitingJob& { return jobs_[slot].waiting; };
  }
  void MakeReady(Slot slot, TimePoint now);
  Action HandOut();
  Action StartUnit(TimePoint now);

  const SchedulerOptions options_;
  const policy::DelenPolicy default_policy_;
  // Of stages on one thread and on more: neighbours slow them very differently.
  std::array<policy::SlowdownEstimator, 2> slowdowns_;
  std::size_t kind_ = 0;  // which of them counts
  policy::StreamEstimator streams_;
  policy::FairShare fair_share_{core::kMaxTenants};
  std::vector<Entry> jobs_;  // by slot
  std::vector<Slot> free_;
  std::vector<Slot> ready_;                        // by what is due first
  std::vector<Slot> finished_;                     // not yet handed out, first to finish first
  std::vector<const policy::WaitingJob*> order_;   // the ready jobs in order of service
  std::vector<const policy::WaitingJob*> of_one_;  // those of one policy
  std::array<std::size_t, core::kMaxTenants> tenant_jobs_{};
  Unit unit_;
  TimePoint wake_ = TimePoint::Never();
};

}  // namespace delen::scheduler
