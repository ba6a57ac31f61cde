#include "scheduler/scheduler.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

#include "policy/forecast.h"

namespace delen::scheduler {
namespace {

TimePoint DeadlineOf(const Job& job) {
  return job.bounds.max_latency ? job.arrival + *job.bounds.max_latency : TimePoint::Never();
}

// Earlier deadline first; of equals, whoever came first.
bool IsMoreUrgent(const Job& a, const Job& b) {
  const TimePoint first = DeadlineOf(a);
  const TimePoint second = DeadlineOf(b);
  return first != second ? first < second : a.id < b.id;
}

Error Infeasible(const Job& job, double slowdown, TimePoint now) {
  const policy::Forecast forecast(*job.exits, job.rows, slowdown);
  return MakeError(ErrorCode::kInfeasible,
                   "the bounds cannot be kept: the first exit is expected to take {:.3f} ms and "
                   "{:.3f} mJ, and {:.3f} ms have passed already",
                   InMilliseconds(forecast.Time(-1, 0)), InMillijoules(forecast.Energy(-1, 0)),
                   InMilliseconds(now - job.arrival));
}

}  // namespace

Scheduler::Scheduler(const SchedulerOptions& options)
    : delen_policy_(options.response_reserve), jobs_(options.max_jobs) {
  free_.reserve(options.max_jobs);
  for (Slot slot = options.max_jobs; slot-- > 0;) free_.push_back(slot);
}

Result<Slot> Scheduler::OnArrival(const Job& job, TimePoint now) {
  if (free_.empty()) {
    return MakeError(ErrorCode::kOverloaded, "{} requests are waiting already, the most allowed",
                     jobs_.size());
  }
  const Slot slot = free_.back();
  Entry& entry = jobs_[slot];
  entry = Entry{};
  entry.job = job;
  entry.floor = policy::ChooseFloorRule(*job.exits, job.bounds.min_accuracy.value_or(0.0));
  const bool reject = job.bounds.on_infeasible == core::OnInfeasible::kReject;
  if (reject && !Decide(entry, now).feasible) return Infeasible(job, slowdown_.value(), now);
  entry.state = State::kReady;
  entry.ready_since = now;
  free_.pop_back();
  return slot;
}

void Scheduler::OnStageDone(StageReport report, TimePoint now) {
  Entry& entry = jobs_[report.slot];
  assert(running_ && entry.state == State::kRunning);
  running_ = false;
  entry.state = State::kReady;
  entry.ready_since = now;
  if (entry.withdrawn) {
    Withdraw(entry, *entry.withdrawn);
  } else if (report.status) {
    Charge(entry, report.time);
    entry.confidences[entry.reached++] = report.confidence;
    Settle(entry, now);
  } else if (entry.reached > 0) {
    // A fault does not take with it what was reached before.
    Answer(entry, policy::BestReached(*entry.job.exits, entry.reached), now);
  } else {
    Fail(entry, std::move(report.status).error());
  }
}

void Scheduler::OnCancel(core::RequestId id) {
  const auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const Entry& entry) {
    return entry.state != State::kFree && entry.job.id == id;
  });
  if (found != jobs_.end()) Withdraw(*found, ErrorCode::kCancelled);
}

void Scheduler::OnShutdown() {
  for (Entry& entry : jobs_) Withdraw(entry, ErrorCode::kUnavailable);
}

std::optional<Action> Scheduler::Next(TimePoint now) {
  while (true) {
    if (const std::optional<Slot> finished = FindFinished()) return HandOut(*finished);
    if (running_) return std::nullopt;
    const std::optional<Slot> urgent = FindMostUrgent();
    if (!urgent) return std::nullopt;
    // It may have waited since it was last looked at.
    Settle(jobs_[*urgent], now);
    if (jobs_[*urgent].state == State::kReady) return Start(*urgent, now);
  }
}

policy::Decision Scheduler::Decide(const Entry& entry, TimePoint now) const {
  const Job& job = entry.job;
  const policy::Forecast forecast(*job.exits, job.rows, slowdown_.value());
  const policy::Snapshot snapshot{job.bounds,
                                  *job.exits,
                                  forecast,
                                  entry.floor,
                                  job.stop_rule.get(),
                                  now - job.arrival,
                                  entry.energy,
                                  std::span(entry.confidences.data(), entry.reached)};
  if (job.stop_rule != nullptr) return stop_rule_policy_.Decide(snapshot);
  return delen_policy_.Decide(snapshot);
}

// Decides a ready job: it is answered, refused, or stays ready for its next stage.
void Scheduler::Settle(Entry& entry, TimePoint now) {
  const policy::Decision decision = Decide(entry, now);
  if (decision.kind == policy::Decision::Kind::kAnswer) {
    Answer(entry, decision.exit, now);
  } else if (!decision.feasible && entry.job.bounds.on_infeasible == core::OnInfeasible::kReject) {
    Fail(entry, Infeasible(entry.job, slowdown_.value(), now));
  }
}

void Scheduler::Answer(Entry& entry, int exit, TimePoint now) {
  entry.queue += now - entry.ready_since;
  core::Account& account = entry.account;
  account.exit = exit;
  account.accuracy_estimate = AccuracyEstimate(entry, exit);
  if (entry.job.exits->scores() != core::ScoreKind::kNone) {
    account.confidence = entry.confidences[static_cast<std::size_t>(exit)];
  }
  account.latency = now - entry.job.arrival;
  account.queue = entry.queue;
  account.device = entry.device;
  account.energy = entry.energy;
  account.energy_source = entry.job.exits->energy_source();
  account.missed = core::MissedBounds(
      entry.job.bounds,
      {account.latency, account.energy, account.accuracy_estimate, account.confidence});
  entry.state = State::kAnswered;
}

void Scheduler::Fail(Entry& entry, Error error) {
  entry.error = std::move(error);
  entry.state = State::kFailed;
}

// A job that nobody waits for any more fails now, or once its stage is done.
void Scheduler::Withdraw(Entry& entry, ErrorCode why) {
  if (entry.state == State::kRunning) entry.withdrawn = why;
  if (entry.state != State::kReady) return;
  const bool cancelled = why == ErrorCode::kCancelled;
  Fail(entry, {why, cancelled ? "the client went away" : "the server is shutting down"});
}

// Energy is the profile's power of the stage times the time it took.
void Scheduler::Charge(Entry& entry, Seconds stage_time) {
  const core::ExitTable::Costs costs = entry.job.exits->CostsFor(entry.job.rows);
  const core::StageCost& profiled = costs.table->stages[entry.reached];
  const Seconds expected = profiled.p50 * costs.factor;
  slowdown_.Update(stage_time, expected);
  entry.device += stage_time;
  entry.energy += profiled.MeanPower() * stage_time;
}

std::optional<double> Scheduler::AccuracyEstimate(const Entry& entry, int exit) const {
  const core::Bounds& bounds = entry.job.bounds;
  const bool by_floor = bounds.min_accuracy && !entry.job.stop_rule &&
                        core::ObjectiveOf(bounds) != core::Objective::kAccuracy &&
                        entry.floor.LetsLeave(exit, entry.confidences[entry.reached - 1]);
  return by_floor ? entry.floor.accuracy : entry.job.exits->accuracy(exit);
}

std::optional<Slot> Scheduler::FindFinished() const {
  const auto found = std::find_if(jobs_.begin(), jobs_.end(), [](const Entry& entry) {
    return entry.state == State::kAnswered || entry.state == State::kFailed;
  });
  if (found == jobs_.end()) return std::nullopt;
  return static_cast<Slot>(found - jobs_.begin());
}

std::optional<Slot> Scheduler::FindMostUrgent() const {
  const Entry* best = nullptr;
  for (const Entry& entry : jobs_) {
    if (entry.state != State::kReady) continue;
    if (best == nullptr || IsMoreUrgent(entry.job, best->job)) best = &entry;
  }
  if (best == nullptr) return std::nullopt;
  return static_cast<Slot>(best - jobs_.data());
}

Action Scheduler::HandOut(Slot slot) {
  Entry& entry = jobs_[slot];
  Action action;
  action.kind = entry.state == State::kAnswered ? Action::Kind::kAnswer : Action::Kind::kFail;
  action.slot = slot;
  action.id = entry.job.id;
  action.account = entry.account;
  action.error = std::move(entry.error);
  entry.job.stop_rule.reset();
  entry.state = State::kFree;
  free_.push_back(slot);
  return action;
}

Action Scheduler::Start(Slot slot, TimePoint now) {
  Entry& entry = jobs_[slot];
  entry.queue += now - entry.ready_since;
  entry.state = State::kRunning;
  running_ = true;
  Action action;
  action.kind = Action::Kind::kRunStage;
  action.slot = slot;
  action.id = entry.job.id;
  action.stage = static_cast<int>(entry.reached);
  return action;
}

}  // namespace delen::scheduler
