#include "scheduler/scheduler.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "policy/forecast.h"
#include "scheduler/refusal.h"

namespace delen::scheduler {

using policy::Plan;
using policy::Verdict;
using policy::WaitingJob;
using State = Entry::State;

Scheduler::Scheduler(const SchedulerOptions& options)
    : options_(options), default_policy_(options.response_reserve), jobs_(options.max_jobs) {
  for (auto* list : {&free_, &ready_, &finished_}) list->reserve(options.max_jobs);
  for (auto* list : {&order_, &of_one_}) list->reserve(options.max_jobs);
  for (Slot slot = options.max_jobs; slot-- > 0;) free_.push_back(slot);
}

// --- Arrivals ---

Result<Slot> Scheduler::OnArrival(const Job& job, TimePoint now) {
  if (free_.empty() || !HasPlaceFor(job.tenant.index)) {
    return MakeError(ErrorCode::kOverloaded, "{} requests are waiting already, the most allowed",
                     job_count());
  }
  kind_ = KindOf(*job.exits);
  const Slot slot = free_.back();
  Entry& entry = jobs_[slot];
  entry.Fill(job, slot, options_.patience);
  CountStream(entry, now);
  if (Status admitted = Check(entry, now); !admitted) return std::move(admitted).error();
  free_.pop_back();
  ++tenant_jobs_[job.tenant.index];
  fair_share_.OnActive(job.tenant.index, job.tenant.weight, now);
  MakeReady(slot, now);
  return slot;
}

// Asks the policy whether the job's bounds can be kept; what cannot be, and did
// not ask to be told, comes after those that can.
Status Scheduler::Check(Entry& entry, TimePoint now) {
  GiveUpDeadlines(now);
  SetOrder(now, entry.waiting.tenant);
  entry.waiting.over_share = fair_share_.IsOver(entry.waiting.tenant, now);
  entry.waiting.yields = entry.waiting.over_share && !order_.empty() && order_.back()->yields;
  const Verdict verdict = PolicyOf(entry).Admit(QueueAt(now), entry.waiting);
  if (verdict == Verdict::kAccept) return {};
  if (entry.job.bounds.on_infeasible == core::OnInfeasible::kReject) {
    return verdict == Verdict::kInfeasible ? Infeasible(entry.waiting, slowdown(now), now)
                                           : Overloaded(entry.waiting, ready_.size());
  }
  if (verdict == Verdict::kOverloaded) entry.GiveUpDeadline(options_.patience);
  return {};
}

// The last eighth of the places is for tenants that have few: a flood must not
// meet the others at the door, even when they come later.
bool Scheduler::HasPlaceFor(std::uint32_t tenant) const {
  const std::size_t few = std::max<std::size_t>(jobs_.size() / 16, 1);
  return free_.size() > jobs_.size() / 8 || tenant_jobs_[tenant] < few;
}

void Scheduler::CountStream(const Entry& entry, TimePoint now) {
  const WaitingJob& job = entry.waiting;
  const policy::Conditions idle = ConditionsAt(job.arrival);
  policy::Stream stream;
  stream.tenant = job.tenant;
  stream.weight = entry.job.tenant.weight;
  stream.steps = policy::StepsAllowed(job, idle);
  stream.share = job.exits->BatchShare(static_cast<int>(policy::kMaxBatch));
  stream.slack = policy::SlackOf(job, idle);
  streams_.OnArrival(stream, job.rows, now);
}

// --- Stages done ---

void Scheduler::OnStageDone(const StageReport& report, TimePoint now) {
  assert(unit_.running);
  unit_.running = false;
  const Slots slots = std::exchange(unit_.slots, {});
  const int rows = RowsOf(slots);
  if (report.status) Observe(report.time, slots, rows, now);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    Entry& entry = jobs_[slots[i]];
    assert(entry.state == State::kRunning);
    if (entry.withdrawn) {
      Fail(slots[i], Withdrawn(*entry.withdrawn), now);
    } else if (report.status) {
      const double part = static_cast<double>(entry.job.rows) / rows;
      Charge(entry, report.time * part, now);
      entry.largest_batch = std::max(entry.largest_batch, static_cast<int>(slots.size()));
      TakeIn(slots[i], report.confidences[i], now);
    } else {
      TakeInFault(slots[i], report.status.error(), slots.size() > 1, now);
    }
  }
  ++unit_.stage;
}

void Scheduler::Observe(Seconds time, const Slots& slots, int rows, TimePoint now) {
  const core::ExitTable& exits = *jobs_[slots[0]].job.exits;
  const core::ExitTable::Costs costs = exits.CostsFor(rows);
  const core::StageCost& profiled = costs.table->stages[static_cast<std::size_t>(unit_.stage)];
  slowdowns_[KindOf(exits)].Update(time, profiled.p50 * costs.factor, now);
}

// Energy is the profile's power of the stage times the time it took.
void Scheduler::Charge(Entry& entry, Seconds time, TimePoint now) {
  const core::CostTable& costs = *entry.job.exits->CostsFor(entry.job.rows).table;
  entry.device += time;
  entry.waiting.energy += costs.stages[entry.waiting.reached()].MeanPower() * time;
  fair_share_.Charge(entry.waiting.tenant, time, now);
}

// The job stands at its next boundary: it goes on with its unit, stops by its
// client's rule, or waits for its policy.
void Scheduler::TakeIn(Slot slot, double confidence, TimePoint now) {
  Entry& entry = jobs_[slot];
  WaitingJob& job = entry.waiting;
  entry.Reach(confidence);
  entry.ready_since = now;
  if (job.stop_rule != nullptr && policy::StopsHere(job, now)) {
    Answer(slot, job.last_reached(), now);
  } else if (job.last_reached() < unit_.exit) {
    unit_.slots.push_back(slot);
  } else {
    MakeReady(slot, now);
  }
}

// A fault does not take with it what was reached before; members of a batch try
// again alone.
void Scheduler::TakeInFault(Slot slot, const Error& error, bool was_batch, TimePoint now) {
  Entry& entry = jobs_[slot];
  entry.ready_since = now;
  if (was_batch) {
    entry.waiting.alone = true;
    MakeReady(slot, now);
  } else if (entry.waiting.reached() > 0) {
    Answer(slot, policy::BestReached(*entry.job.exits, entry.waiting.reached()), now);
  } else {
    Fail(slot, error, now);
  }
}

int Scheduler::RowsOf(const Slots& slots) const {
  int rows = 0;
  for (const Slot slot : slots) rows += jobs_[slot].job.rows;
  return rows;
}

// --- Leaving ---

void Scheduler::OnCancel(core::RequestId id, TimePoint now) {
  const auto found = std::ranges::find_if(
      jobs_, [&](const Entry& entry) { return entry.state != State::kFree && entry.job.id == id; });
  if (found != jobs_.end()) {
    Withdraw(static_cast<Slot>(found - jobs_.begin()), ErrorCode::kCancelled, now);
  }
}

void Scheduler::OnShutdown(TimePoint now) {
  for (Slot slot = 0; slot < jobs_.size(); ++slot) Withdraw(slot, ErrorCode::kUnavailable, now);
}

// A job that nobody waits for any more fails now, or once its stage is done.
void Scheduler::Withdraw(Slot slot, ErrorCode why, TimePoint now) {
  Entry& entry = jobs_[slot];
  if (entry.state == State::kRunning && unit_.running) {
    entry.withdrawn = why;
  } else if (entry.state == State::kRunning) {  // between two stages of its unit
    unit_.slots.erase(std::ranges::find(unit_.slots, slot));
    Fail(slot, Withdrawn(why), now);
  } else if (entry.state == State::kReady) {
    std::erase(ready_, slot);
    Fail(slot, Withdrawn(why), now);
  }
}

void Scheduler::Answer(Slot slot, int exit, TimePoint now) {
  jobs_[slot].account = jobs_[slot].AccountOf(exit, now);
  Finish(slot, now);
}

void Scheduler::Fail(Slot slot, Error error, TimePoint now) {
  jobs_[slot].error = std::move(error);
  Finish(slot, now);
}

void Scheduler::Finish(Slot slot, TimePoint now) {
  Entry& entry = jobs_[slot];
  entry.state = State::kFinished;
  finished_.push_back(slot);
  if (--tenant_jobs_[entry.waiting.tenant] == 0) fair_share_.OnIdle(entry.waiting.tenant, now);
}

// --- What to do next ---

std::optional<Action> Scheduler::Next(TimePoint now) {
  wake_ = TimePoint::Never();
  while (true) {
    if (!finished_.empty()) return HandOut();
    if (unit_.running) return std::nullopt;
    if (!unit_.slots.empty()) return StartUnit(now);
    if (ready_.empty()) return std::nullopt;
    GiveUpDeadlines(now);
    if (finished_.empty() && !Choose(now)) return std::nullopt;
  }
}

// Every policy in use says what it would do with its own jobs. Answers go out at
// once; of the batches, the one whose first job is served first runs. False when
// all want to wait.
bool Scheduler::Choose(TimePoint now) {
  SetOrder(now);
  const policy::Queue all = QueueAt(now);
  for (const policy::Policy* policy : PoliciesInUse()) {
    const policy::Queue own = Of(all, *policy);
    const Plan plan = policy->Choose(own);
    if (plan.kind == Plan::Kind::kWait) {
      wake_ = std::min(wake_, plan.until);
    } else if (plan.kind != Plan::Kind::kRun) {
      Leave(own.jobs[plan.jobs[0]]->slot, plan, now);
      unit_.slots.clear();  // somebody else's, not begun
      return true;
    } else if (unit_.slots.empty()) {
      Gather(own, plan);
    }
  }
  for (const Slot slot : unit_.slots) std::erase(ready_, slot);
  return !unit_.slots.empty();
}

void Scheduler::Leave(Slot slot, const Plan& plan, TimePoint now) {
  std::erase(ready_, slot);
  if (plan.kind == Plan::Kind::kAnswer) {
    Answer(slot, plan.exit, now);
  } else {
    Fail(slot, Dropped(jobs_[slot].waiting, now), now);
  }
}

void Scheduler::Gather(const policy::Queue& queue, const Plan& plan) {
  for (const std::size_t index : plan.jobs) unit_.slots.push_back(queue.jobs[index]->slot);
  unit_.stage = static_cast<int>(queue.jobs[plan.jobs[0]]->reached());
  unit_.exit = plan.exit;
}

// Of the jobs that wait for their first stage, those that cannot keep their
// deadline any more are refused if they asked for it, else served when due.
void Scheduler::GiveUpDeadlines(TimePoint now) {
  const policy::Conditions conditions = ConditionsAt(now);
  bool any = false;
  for (const Slot slot : ready_) {
    Entry& entry = jobs_[slot];
    if (entry.waiting.late || policy::CanKeepDeadline(entry.waiting, conditions)) continue;
    any = true;
    entry.GiveUpDeadline(options_.patience);
    if (entry.job.bounds.on_infeasible != core::OnInfeasible::kReject) continue;
    Fail(slot, Infeasible(entry.waiting, conditions.slowdown, now), now);
  }
  if (!any) return;
  std::erase_if(ready_, [&](Slot slot) { return jobs_[slot].state != State::kReady; });
  std::ranges::sort(ready_, policy::IsDueBefore, WaitingIn());
}

// By what is due. Where not all can be served in time, those of tenants beyond
// their share come last; `for_tenant`, if within its own, may count on that.
void Scheduler::SetOrder(TimePoint now, std::optional<std::uint32_t> for_tenant) {
  order_.clear();
  bool any_over = false;
  for (const Slot slot : ready_) {
    WaitingJob& job = jobs_[slot].waiting;
    job.over_share = fair_share_.IsOver(job.tenant, now);
    job.yields = false;
    any_over |= job.over_share;
    order_.push_back(&job);
  }
  if (!any_over) return;
  const bool may_count_on_it = for_tenant && !fair_share_.IsOver(*for_tenant, now);
  if (!may_count_on_it && policy::AllKeepTheirDeadlines(order_, ConditionsAt(now))) return;
  order_.clear();
  for (const bool yields : {false, true}) {
    for (const Slot slot : ready_) {
      WaitingJob& job = jobs_[slot].waiting;
      job.yields = job.over_share;
      if (job.yields == yields) order_.push_back(&job);
    }
  }
}

policy::Conditions Scheduler::ConditionsAt(TimePoint now) const {
  return {now, slowdown(now), options_.response_reserve};
}

policy::Queue Scheduler::QueueAt(TimePoint now) {
  const Seconds busy = unit_.running ? std::max(unit_.free_at - now, Seconds()) : Seconds();
  return {now, slowdown(now), order_, streams_.At(now), busy};
}

// The policies of the waiting jobs, whose first job is served first, first.
boost::container::static_vector<const policy::Policy*, 16> Scheduler::PoliciesInUse() const {
  boost::container::static_vector<const policy::Policy*, 16> policies;
  for (const WaitingJob* job : order_) {
    const policy::Policy* policy = &PolicyOf(jobs_[job->slot]);
    const bool is_known = std::ranges::find(policies, policy) != policies.end();
    if (!is_known && policies.size() < policies.capacity()) policies.push_back(policy);
  }
  return policies;
}

policy::Queue Scheduler::Of(const policy::Queue& queue, const policy::Policy& policy) {
  of_one_.clear();
  for (const WaitingJob* job : queue.jobs) {
    if (&PolicyOf(jobs_[job->slot]) == &policy) of_one_.push_back(job);
  }
  policy::Queue own = queue;
  own.jobs = of_one_;
  return own;
}

// A client's own rule stands in place of its tenant's policy.
const policy::Policy& Scheduler::PolicyOf(const Entry& entry) const {
  const bool is_tenants = entry.job.tenant.policy != nullptr && entry.job.stop_rule == nullptr;
  return is_tenants ? *entry.job.tenant.policy : default_policy_;
}

void Scheduler::MakeReady(Slot slot, TimePoint now) {
  jobs_[slot].state = State::kReady;
  jobs_[slot].ready_since = now;
  const WaitingJob& job = jobs_[slot].waiting;
  ready_.insert(std::ranges::upper_bound(ready_, job, policy::IsDueBefore, WaitingIn()), slot);
}

Action Scheduler::HandOut() {
  const Slot slot = finished_.front();
  finished_.erase(finished_.begin());
  Entry& entry = jobs_[slot];
  Action action;
  action.kind = entry.error ? Action::Kind::kFail : Action::Kind::kAnswer;
  action.slots = {slot};
  action.id = entry.job.id;
  action.account = entry.account;
  if (entry.error) action.error = *std::move(entry.error);
  entry.job.stop_rule.reset();
  entry.state = State::kFree;
  free_.push_back(slot);
  return action;
}

Action Scheduler::StartUnit(TimePoint now) {
  for (const Slot slot : unit_.slots) {
    Entry& entry = jobs_[slot];
    entry.queue += now - entry.ready_since;
    entry.state = State::kRunning;
  }
  unit_.running = true;
  const Entry& first = jobs_[unit_.slots[0]];
  const policy::Forecast forecast(*first.job.exits, RowsOf(unit_.slots), slowdown(now));
  unit_.free_at = now + forecast.Time(unit_.stage - 1, unit_.exit);
  Action action;
  action.kind = Action::Kind::kRunStage;
  action.slots = unit_.slots;
  action.id = first.job.id;
  action.stage = unit_.stage;
  return action;
}

}  // namespace delen::scheduler
