// What holds of the scheduler whatever happens to it: it is driven here as the
// lane drives it, on a virtual clock, by random events.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/testing/sample_model.h"
#include "policy/policies.h"
#include "policy/testing/property.h"
#include "policy/testing/waiting_jobs.h"
#include "scheduler/scheduler.h"

namespace delen::scheduler {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

constexpr int kStages = 4;  // of either model
constexpr Seconds kTolerance{1e-9};

// --- Events ---

// A request in words that can be made smaller when a case fails.
struct Arrival {
  int model = 0;
  int rows = 1;
  bool batchable = true;
  int tenant = 0;
  int policy = 0;      // 0: the scheduler's own
  int rule = 0;        // 0: none
  int latency_us = 0;  // 0: no bound, here and below
  int energy_uj = 0;
  int accuracy_percent = 0;
  int confidence_percent = 0;
  int objective = 0;
  bool rejects = false;
  int age_us = 0;  // since its first byte
};

struct Event {
  enum class Kind { kArrive, kCancel, kStageDone, kStageFails, kWait, kWake };

  Kind kind = Kind::kWait;
  Arrival arrival;
  int request = 0;  // whom to cancel
  int time_us = 0;  // that passes before it, or that the stage takes
  int confidence_percent = 0;
  bool at_once = true;  // the lane asks what to do right after it
};

std::ostream& operator<<(std::ostream& out, const Arrival& a) {
  return out << "model " << a.model << " rows " << a.rows << " batchable " << a.batchable
             << " tenant " << a.tenant << " policy " << a.policy << " rule " << a.rule
             << " latency " << a.latency_us << " us energy " << a.energy_uj << " uJ accuracy "
             << a.accuracy_percent << " % confidence " << a.confidence_percent << " % objective "
             << a.objective << " rejects " << a.rejects << " age " << a.age_us << " us";
}

std::ostream& operator<<(std::ostream& out, const Event& event) {
  constexpr std::array kNames = {"arrive", "cancel", "done", "fails", "wait", "wake"};
  out << "{" << kNames[static_cast<std::size_t>(event.kind)] << " " << event.time_us << " us";
  if (event.kind == Event::Kind::kCancel) out << " #" << event.request;
  if (event.kind == Event::Kind::kArrive) out << " " << event.arrival;
  return out << (event.at_once ? "}" : ", unseen}");
}

rc::Gen<int> Seldom(rc::Gen<int> gen) {
  return rc::gen::weightedOneOf<int>({{1, std::move(gen)}, {3, rc::gen::just(0)}});
}

// Of all kinds; `policies` of them beside the scheduler's own.
rc::Gen<Arrival> AnyArrival(int policies) {
  using rc::gen::inRange;
  using rc::gen::set;
  return rc::gen::build<Arrival>(
      set(&Arrival::model, inRange(0, 2)), set(&Arrival::rows, inRange(1, 4)),
      set(&Arrival::batchable), set(&Arrival::tenant, inRange(0, 4)),
      set(&Arrival::policy, inRange(0, policies + 1)), set(&Arrival::rule, Seldom(inRange(1, 4))),
      set(&Arrival::latency_us, rc::gen::oneOf(rc::gen::just(0), inRange(1, 40'000))),
      set(&Arrival::energy_uj, Seldom(inRange(1, 12'000))),
      set(&Arrival::accuracy_percent, Seldom(inRange(1, 100))),
      set(&Arrival::confidence_percent, Seldom(inRange(1, 100))),
      set(&Arrival::objective, Seldom(inRange(1, 4))), set(&Arrival::rejects),
      set(&Arrival::age_us, Seldom(inRange(1, 5000))));
}

rc::Gen<Event> AnyEvent(rc::Gen<Arrival> arrivals) {
  using Kind = Event::Kind;
  using rc::gen::inRange;
  using rc::gen::set;
  return rc::gen::build<Event>(
      set(&Event::kind, rc::gen::weightedElement<Kind>({{6, Kind::kArrive},
                                                        {1, Kind::kCancel},
                                                        {8, Kind::kStageDone},
                                                        {1, Kind::kStageFails},
                                                        {2, Kind::kWait},
                                                        {2, Kind::kWake}})),
      set(&Event::arrival, std::move(arrivals)), set(&Event::request, inRange(1, 100)),
      set(&Event::time_us, inRange(1, 8000)), set(&Event::confidence_percent, inRange(1, 100)),
      set(&Event::at_once, rc::gen::weightedElement<bool>({{3, true}, {1, false}})));
}

std::vector<Event> SomeEvents(rc::Gen<Arrival> arrivals) {
  const auto events = rc::gen::container<std::vector<Event>>(AnyEvent(std::move(arrivals)));
  return *rc::gen::resize(200, events);
}

core::Bounds BoundsOf(const Arrival& arrival) {
  core::Bounds bounds;
  if (arrival.latency_us > 0) bounds.max_latency = Seconds(arrival.latency_us * 1e-6);
  if (arrival.energy_uj > 0) bounds.max_energy = Joules(arrival.energy_uj * 1e-6);
  if (arrival.accuracy_percent > 0) bounds.min_accuracy = arrival.accuracy_percent * 0.01;
  if (arrival.confidence_percent > 0) bounds.min_confidence = arrival.confidence_percent * 0.01;
  if (arrival.objective > 0) bounds.objective = static_cast<core::Objective>(arrival.objective - 1);
  if (arrival.rejects) bounds.on_infeasible = core::OnInfeasible::kReject;
  return bounds;
}

std::shared_ptr<const core::StopRule> RuleOf(const Arrival& arrival) {
  constexpr std::array kRules = {
      R"({"metric": "exit", "op": "equal", "threshold": 1})",
      R"({"metric": "confidence", "op": "greater", "threshold": 0.5})",
      R"({"metric": "exit", "op": "null", "threshold": 0})",
  };
  if (arrival.rule == 0) return nullptr;
  const auto rule = static_cast<std::size_t>(arrival.rule - 1);
  return std::make_shared<core::StopRule>(core::ParseStopRule(kRules[rule]).value());
}

std::vector<std::unique_ptr<policy::Policy>> AllPolicies() {
  std::vector<std::unique_ptr<policy::Policy>> policies;
  for (const std::string& name : policy::PolicyNames()) {
    policies.push_back(policy::MakePolicy(name, 0_ms).value());
  }
  return policies;
}

// --- The lane ---

// Drives a scheduler and holds everything that it says against what it was told:
// every request that was let in leaves exactly once, stages come in order, batches
// are of one kind, answers are from exits that were reached.
class TestLane {
 public:
  // One that has left.
  struct Departure {
    core::RequestId id;
    Seconds latency;
    std::size_t company;  // the most others that were in at the same time
  };

  explicit TestLane(SchedulerOptions options, std::array<double, 4> weights = {1.0, 0.5, 2.0, 4.0})
      : weights_(weights), scheduler_(options) {}

  void Apply(const Event& event);
  // Whether it was let in.
  bool Arrive(const Arrival& arrival);
  // Of the stage that runs, if one does.
  void StageDone(Seconds time, double confidence, Status status = {});
  // Does what the scheduler asks for until it asks for nothing.
  void Obey();
  // No more arrivals: goes on until all have left.
  void RunDry();
  void ShutDown();

  const std::vector<Departure>& departures() const { return departures_; }
  bool IsIn(core::RequestId id) const { return guests_.contains(id); }
  core::RequestId last_id() const { return last_id_; }
  TimePoint now() const { return now_; }
  // The longest time that any one stage, and that each of them, has taken so far.
  Seconds LongestStage() const { return *std::ranges::max_element(longest_); }
  Seconds LongestWay() const { return std::accumulate(longest_.begin(), longest_.end(), 0_ms); }

 private:
  // One that was let in and has not left.
  struct Guest {
    Job job;
    int reached = 0;
    bool is_cancelled = false;
    std::size_t company = 0;
  };

  void Cancel(core::RequestId id);
  void Start(const Action& action);
  void CheckAnswer(const Guest& guest, const core::Account& account) const;
  void CheckFailure(const Guest& guest, const Error& error) const;
  void LetGo(const Action& action);

  const std::array<core::ExitTable, 2> exits_ = {
      core::testing::SampleExits(), policy::testing::ExitsWithBatches({{2, 1.2}, {4, 1.9}})};
  const std::vector<std::unique_ptr<policy::Policy>> policies_ = AllPolicies();
  const std::array<double, 4> weights_;
  Scheduler scheduler_;
  TimePoint now_{10_s};
  core::RequestId last_id_ = 0;
  std::map<core::RequestId, Guest> guests_;
  std::map<Slot, core::RequestId> ids_;
  std::optional<Action> running_;
  TimePoint started_;
  bool is_shut_down_ = false;
  std::array<Seconds, kStages> longest_{};
  std::vector<Departure> departures_;
};

void TestLane::Apply(const Event& event) {
  const Seconds time(event.time_us * 1e-6);
  const double confidence = event.confidence_percent * 0.01;
  switch (event.kind) {
    case Event::Kind::kArrive: Arrive(event.arrival); break;
    case Event::Kind::kCancel: Cancel(static_cast<core::RequestId>(event.request)); break;
    case Event::Kind::kStageDone: StageDone(time, confidence); break;
    case Event::Kind::kStageFails: StageDone(time, confidence, Internal("a fault")); break;
    case Event::Kind::kWait: now_ = now_ + time; break;
    case Event::Kind::kWake:
      if (scheduler_.wake() < TimePoint::Never()) now_ = std::max(now_, scheduler_.wake());
      break;
  }
  if (event.at_once) Obey();
}

bool TestLane::Arrive(const Arrival& arrival) {
  Job job;
  job.id = ++last_id_;
  job.arrival = now_ - Seconds(arrival.age_us * 1e-6);
  job.bounds = BoundsOf(arrival);
  job.stop_rule = RuleOf(arrival);
  job.exits = &exits_[static_cast<std::size_t>(arrival.model)];
  job.rows = arrival.rows;
  job.batchable = arrival.batchable;
  job.tenant.index = static_cast<std::uint32_t>(arrival.tenant);
  job.tenant.weight = weights_[job.tenant.index];
  if (arrival.policy > 0) {
    job.tenant.policy = policies_[static_cast<std::size_t>(arrival.policy - 1)].get();
  }
  const Result<Slot> slot = scheduler_.OnArrival(job, now_);
  if (!slot) return false;
  RC_ASSERT(ids_.emplace(*slot, job.id).second);  // the place was free
  guests_.emplace(job.id, Guest{job});
  for (auto& [id, guest] : guests_) guest.company = std::max(guest.company, guests_.size() - 1);
  return true;
}

void TestLane::Cancel(core::RequestId id) {
  scheduler_.OnCancel(id, now_);
  if (const auto guest = guests_.find(id); guest != guests_.end()) {
    guest->second.is_cancelled = true;
  }
}

void TestLane::StageDone(Seconds time, double confidence, Status status) {
  if (!running_) return;
  const Action done = *std::exchange(running_, std::nullopt);
  now_ = std::max(now_, started_ + time);
  Seconds& longest = longest_[static_cast<std::size_t>(done.stage)];
  longest = std::max(longest, now_ - started_);
  for (const Slot slot : done.slots) guests_.at(ids_.at(slot)).reached += status ? 1 : 0;
  const std::vector<double> confidences(done.slots.size(), confidence);
  scheduler_.OnStageDone({std::move(status), now_ - started_, confidences}, now_);
}

void TestLane::Obey() {
  while (const std::optional<Action> action = scheduler_.Next(now_)) {
    action->kind == Action::Kind::kRunStage ? Start(*action) : LetGo(*action);
  }
  RC_ASSERT(scheduler_.job_count() == guests_.size());
  RC_ASSERT(scheduler_.stage_running() == running_.has_value());
  if (running_ || guests_.empty()) {
    RC_ASSERT(scheduler_.wake() == TimePoint::Never());
  } else {  // never idle without saying until when
    RC_ASSERT(scheduler_.wake() > now_);
    RC_ASSERT(scheduler_.wake() < TimePoint::Never());
  }
}

void TestLane::Start(const Action& action) {
  RC_ASSERT(!running_);
  RC_ASSERT(!is_shut_down_);
  RC_ASSERT(!action.slots.empty());
  RC_ASSERT(std::set(action.slots.begin(), action.slots.end()).size() == action.slots.size());
  RC_ASSERT(ids_.at(action.slots[0]) == action.id);
  const Guest& first = guests_.at(action.id);
  for (const Slot slot : action.slots) {
    const Guest& guest = guests_.at(ids_.at(slot));
    RC_ASSERT(guest.reached == action.stage);
    RC_ASSERT(guest.reached < kStages);
    RC_ASSERT(guest.job.exits == first.job.exits);
    RC_ASSERT(guest.job.batchable || action.slots.size() == 1);
  }
  running_ = action;
  started_ = now_;
}

void TestLane::LetGo(const Action& action) {
  RC_ASSERT(action.slots.size() == 1U);
  RC_ASSERT(ids_.at(action.slots[0]) == action.id);
  const Guest& guest = guests_.at(action.id);
  if (action.kind == Action::Kind::kAnswer) {
    CheckAnswer(guest, action.account);
  } else {
    CheckFailure(guest, action.error);
  }
  departures_.push_back({action.id, now_ - guest.job.arrival, guest.company});
  ids_.erase(action.slots[0]);
  guests_.erase(action.id);
}

void TestLane::CheckAnswer(const Guest& guest, const core::Account& account) const {
  RC_ASSERT(account.exit >= 0);
  RC_ASSERT(account.exit < guest.reached);
  RC_ASSERT(account.device > 0_ms);
  RC_ASSERT(account.queue >= 0_ms);
  RC_ASSERT(account.queue + account.device <= account.latency + kTolerance);
  RC_ASSERT(account.latency <= now_ - guest.job.arrival + kTolerance);
}

void TestLane::CheckFailure(const Guest& guest, const Error& error) const {
  switch (error.code) {
    case ErrorCode::kCancelled: RC_ASSERT(guest.is_cancelled); break;
    case ErrorCode::kUnavailable: RC_ASSERT(is_shut_down_); break;
    case ErrorCode::kInfeasible:
      RC_ASSERT(guest.job.bounds.on_infeasible == core::OnInfeasible::kReject);
      RC_ASSERT(guest.reached == 0);
      break;
    case ErrorCode::kDeadlineExceeded:  // only where a policy gives up
      RC_ASSERT(guest.job.tenant.policy != nullptr);
      RC_ASSERT(guest.reached == 0);
      break;
    default: RC_ASSERT(guest.reached == 0); RC_ASSERT(error.message == "a fault");
  }
}

void TestLane::RunDry() {
  Obey();
  while (!guests_.empty()) {
    if (!running_) now_ = scheduler_.wake();
    StageDone(1_ms, 0.5);
    Obey();
  }
}

void TestLane::ShutDown() {
  Obey();
  is_shut_down_ = true;
  scheduler_.OnShutdown(now_);
  Obey();
  StageDone(1_ms, 0.5);
  Obey();
  RC_ASSERT(guests_.empty());
}

// --- Properties ---

// What TestLane checks, with all policies at once, bounds and rules of all kinds,
// faults, cancellations and a lane that is slow to ask.
RC_GTEST_PROP(SchedulerProperty, WhoeverIsLetInLeavesOnceByLegalActionsOnly, ()) {
  TestLane lane({.max_jobs = 12, .response_reserve = 0.05_ms, .patience = 30_ms});
  const int policies = static_cast<int>(policy::PolicyNames().size());
  for (const Event& event : SomeEvents(AnyArrival(policies))) lane.Apply(event);
  if (*rc::gen::arbitrary<bool>()) {
    lane.RunDry();
  } else {
    lane.ShutDown();
  }
}

// One tenant, the scheduler's own policy, whatever the load. Once a request is
// older than the patience, nobody who arrives goes before it: those who do are at
// most all others that were in with it. Each unit brings one of them, or itself, a
// stage further, so it leaves after the stage that runs then, and their whole ways
// and its own at most.
RC_GTEST_PROP(SchedulerProperty, NobodyWaitsLongerThanPatienceAndTheWaysOfThoseBefore, ()) {
  const SchedulerOptions options{.max_jobs = 12, .patience = 20_ms};
  TestLane lane(options);
  for (Event event : SomeEvents(AnyArrival(0))) {
    if (event.kind == Event::Kind::kStageFails) continue;  // it would bring nobody further
    event.at_once = true;
    event.arrival.tenant = 0;
    event.arrival.age_us = 0;
    lane.Apply(event);
  }
  lane.RunDry();
  for (const TestLane::Departure& departure : lane.departures()) {
    const auto all = static_cast<double>(departure.company + 1);
    RC_ASSERT(departure.latency <=
              options.patience + lane.LongestStage() + lane.LongestWay() * all + kTolerance);
  }
}

// A flood of urgent requests of tenant 1, which the lane cannot serve, and one
// patient request of `tenant` in the midst of it, which must leave before `most`.
template <class Most>
void CheckThatAFloodLetsThrough(int tenant, TestLane& lane, Most most) {
  const auto stages_ms = *rc::gen::container<std::vector<int>>(50, rc::gen::inRange(1, 20));
  const int arrivals_per_stage = *rc::gen::inRange(1, 4);
  Arrival urgent = *AnyArrival(0);
  urgent.tenant = 1;
  urgent.latency_us = *rc::gen::inRange(1000, 20'000);
  Arrival patient = *AnyArrival(0);
  patient.tenant = tenant;
  patient.rejects = false;
  patient.age_us = urgent.age_us = 0;

  std::size_t served = 0;
  const auto serve = [&] {
    for (int i = 0; i < arrivals_per_stage; ++i) lane.Arrive(urgent);
    lane.Obey();
    lane.StageDone(FromMilliseconds(stages_ms[served++ % stages_ms.size()]), 0.5);
    lane.Obey();
  };
  for (int i = 0; i < 20; ++i) serve();
  while (!lane.Arrive(patient)) serve();  // until there is a place
  const core::RequestId id = lane.last_id();
  const TimePoint arrival = lane.now();
  while (lane.IsIn(id)) {
    RC_ASSERT(lane.now() - arrival <= most());
    serve();
  }
}

constexpr SchedulerOptions kFlooded{.max_jobs = 8, .patience = 20_ms};

RC_GTEST_PROP(SchedulerProperty, AFloodDoesNotStarveThePatientOfItsOwnTenant, ()) {
  TestLane lane(kFlooded);
  CheckThatAFloodLetsThrough(1, lane, [&] {
    return kFlooded.patience + lane.LongestStage() + lane.LongestWay() * kFlooded.max_jobs;
  });
}

// Nor another tenant, of whatever weight above zero. While the request's tenant is
// within its share, the bound above counts the units. While it is beyond, others
// may go before it, but its debt is kBurst at most and is forgiven at the rate of
// its weight; that can happen once between any two of those units.
RC_GTEST_PROP(SchedulerProperty, AFloodStarvesNoOtherTenant, ()) {
  const auto weights = *rc::gen::container<std::array<double, 4>>(
      rc::gen::map(rc::gen::inRange(1, 9), [](int quarters) { return quarters * 0.25; }));
  const Seconds forgiveness = policy::FairShare::kBurst * ((weights[0] + weights[1]) / weights[0]);
  TestLane lane(kFlooded, weights);
  CheckThatAFloodLetsThrough(0, lane, [&] {
    constexpr double kUnits = kStages * kFlooded.max_jobs;
    const Seconds stage = lane.LongestStage();
    return kFlooded.patience + stage + lane.LongestWay() * kFlooded.max_jobs +
           (forgiveness + stage) * (kUnits + 1.0);
  });
}

}  // namespace
}  // namespace delen::scheduler
