// What holds of DelenPolicy whatever waits.
//
// "All keep their deadlines" is AllKeepTheirDeadlines: everyone's work that is a
// must, by its p95 and in the order of service, ends within everyone's budget.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <ostream>
#include <vector>

#include "policy/delen_policy.h"
#include "policy/testing/property.h"
#include "policy/testing/waiting_jobs.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using testing::ExitsWithBatches;
using testing::JobSpec;
using testing::WaitingJobs;

const DelenPolicy kPolicy{0.1_ms};
constexpr Seconds kNow{1.0};
constexpr double kTolerance = 1e-9;  // seconds: sums in another order round otherwise

Conditions ConditionsAt(TimePoint now, double slowdown) { return {now, slowdown, 0.1_ms}; }

// --- Random queues ---

// A job in words that can be made smaller when a case fails.
struct RandomJob {
  int model = 0;
  int reached = 0;
  int confidence_percent = 50;  // at every exit reached
  int latency_us = 0;           // 0: no bound
  int age_us = 0;
  int energy_uj = 0;  // 0: no bound
  int floor_percent = 0;
  bool is_floor_of_confidence = false;
  int rows = 1;
  bool over_share = false;

  JobSpec Spec(const core::ExitTable& exits) const;
};

std::ostream& operator<<(std::ostream& out, const RandomJob& job) {
  return out << "{model " << job.model << ", reached " << job.reached << " at "
             << job.confidence_percent << " %, latency " << job.latency_us << " us, age "
             << job.age_us << " us, energy " << job.energy_uj << " uJ, floor " << job.floor_percent
             << (job.is_floor_of_confidence ? " % (confidence)" : " % (accuracy)") << ", rows "
             << job.rows << (job.over_share ? ", over its share}" : "}");
}

JobSpec RandomJob::Spec(const core::ExitTable& exits) const {
  JobSpec spec;
  // No bound ends just where a stage does: there the rounding would decide.
  if (latency_us > 0) spec.bounds.max_latency = Seconds((latency_us + 0.37) * 1e-6);
  if (energy_uj > 0) spec.bounds.max_energy = Joules((energy_uj + 0.37) * 1e-6);
  if (floor_percent > 0) {
    (is_floor_of_confidence ? spec.bounds.min_confidence : spec.bounds.min_accuracy) =
        floor_percent * 0.01;
  }
  spec.confidences.assign(static_cast<std::size_t>(reached), confidence_percent * 0.01);
  spec.arrival = kNow - Seconds(age_us * 1e-6);
  spec.energy = Joules(reached * 1e-3);
  spec.rows = rows;
  spec.over_share = over_share;
  spec.exits = &exits;
  return spec;
}

rc::Gen<RandomJob> AnyJob(bool with_floors) {
  using rc::gen::inRange;
  using rc::gen::set;
  using rc::gen::weightedOneOf;
  const auto often = [](rc::Gen<int> gen) {
    return weightedOneOf<int>({{3, std::move(gen)}, {1, rc::gen::just(0)}});
  };
  const auto seldom = [](rc::Gen<int> gen) {
    return weightedOneOf<int>({{1, std::move(gen)}, {3, rc::gen::just(0)}});
  };
  return rc::gen::build<RandomJob>(
      set(&RandomJob::model, inRange(0, 2)), set(&RandomJob::reached, inRange(0, 4)),
      set(&RandomJob::confidence_percent, inRange(1, 100)),
      set(&RandomJob::latency_us, often(inRange(1, 60'000))),
      set(&RandomJob::age_us, inRange(0, 3000)),
      set(&RandomJob::energy_uj, seldom(inRange(1, 12'000))),
      set(&RandomJob::floor_percent, with_floors ? seldom(inRange(1, 95)) : rc::gen::just(0)),
      set(&RandomJob::is_floor_of_confidence), set(&RandomJob::rows, inRange(1, 4)),
      set(&RandomJob::over_share));
}

// Every stage's p95 is `p95` times its p50, its p99 `p99` times.
core::ExitTable WithQuantiles(double p95, double p99) {
  core::ModelVersion model = core::testing::SampleModel();
  for (core::StageCost& stage : model.profile.costs[0].stages) {
    stage.p95 = stage.p50 * p95;
    stage.p99 = stage.p50 * p99;
  }
  return core::ExitTable::Make(model, 1).value();
}

// Two models, and the jobs that wait for them.
class RandomQueue {
 public:
  RandomQueue(const core::ExitTable& first, const core::ExitTable& second)
      : exits_{first, second} {}

  void Add(const RandomJob& job) {
    jobs_.Add(job.Spec(exits_[static_cast<std::size_t>(job.model)]));
  }
  void AddSome(bool with_floors) {
    const auto some = rc::gen::container<std::vector<RandomJob>>(AnyJob(with_floors));
    for (const RandomJob& job : *rc::gen::resize(12, some)) Add(job);
  }

  Queue At(double slowdown) { return jobs_.At(kNow, slowdown); }

 private:
  std::vector<core::ExitTable> exits_;
  WaitingJobs jobs_;
};

// --- After a unit ---

// AllKeepTheirDeadlines, but for rounding.
bool AllKeepTheirDeadlinesNearly(Jobs jobs, const Conditions& conditions) {
  const Boundaries boundaries(jobs);
  Seconds total;
  for (const WaitingJob* job : jobs) {
    const Claim claim = ClaimOf(*job, boundaries.rows(*job), conditions);
    total += MustWork(claim);
    if (claim.must > Seconds() && total > claim.budget + Seconds(kTolerance)) return false;
  }
  return true;
}

// The jobs as they stand once the plan has been carried out, the stage within its
// p95 and with the power of the profile.
class Afterwards {
 public:
  Afterwards(const Queue& queue, const Plan& plan, double confidence)
      : conditions_(ConditionsAt(queue.now, queue.slowdown)) {
    const std::size_t head = plan.jobs[0];
    moved_ = *queue.jobs[head];
    for (std::size_t i = 0; i < queue.jobs.size(); ++i) {
      if (i != head) jobs_.push_back(queue.jobs[i]);
    }
    if (plan.kind == Plan::Kind::kAnswer) return;
    jobs_.insert(jobs_.begin() + static_cast<std::ptrdiff_t>(head), &moved_);
    TakeStage(queue.slowdown, confidence);
  }

  bool AllKeepTheirDeadlines() const { return AllKeepTheirDeadlinesNearly(jobs_, conditions_); }

 private:
  void TakeStage(double slowdown, double confidence) {
    const core::ExitTable::Costs costs = moved_.exits->CostsFor(moved_.rows);
    const core::StageCost& stage = costs.table->stages[moved_.reached()];
    const Seconds time = stage.p95 * (costs.factor * slowdown);
    conditions_.now = conditions_.now + time;
    moved_.energy += stage.MeanPower() * time;
    confidences_.assign(moved_.confidences.begin(), moved_.confidences.end());
    confidences_.push_back(confidence);
    moved_.confidences = confidences_;
  }

  Conditions conditions_;
  WaitingJob moved_;
  std::vector<double> confidences_;
  std::vector<const WaitingJob*> jobs_;
};

void CheckThatDeadlinesStayKept(RandomQueue& jobs) {
  const double slowdown = *rc::gen::inRange(50, 300) * 0.01;
  const Queue queue = jobs.At(slowdown);
  RC_PRE(!queue.jobs.empty());
  RC_PRE(AllKeepTheirDeadlines(queue.jobs, ConditionsAt(queue.now, slowdown)));
  const Afterwards after(queue, kPolicy.Choose(queue), *rc::gen::inRange(1, 100) * 0.01);
  RC_ASSERT(after.AllKeepTheirDeadlines());
}

// One request at a time, no floors: exact, however far the quantiles are apart. A
// stage that ends within its p95 leaves all the time that the musts need.
RC_GTEST_PROP(DelenPolicyProperty, DeadlinesThatCanBeKeptStayKept, ()) {
  RandomQueue jobs(WithQuantiles(1.3, 2.0), WithQuantiles(1.1, 1.2));
  jobs.AddSome(false);
  CheckThatDeadlinesStayKept(jobs);
}

// With floors only where p99 is p95: bounds are held against the p99, so a stage
// that was quicker may open a way that did not fit before, and with a floor that
// way becomes a must.
RC_GTEST_PROP(DelenPolicyProperty, DeadlinesStayKeptWithFloorsToo, ()) {
  RandomQueue jobs(WithQuantiles(1.3, 1.3), WithQuantiles(1.0, 1.0));
  jobs.AddSome(true);
  CheckThatDeadlinesStayKept(jobs);
}

// --- Batches ---

// A batch is planned by its p99. Who waits for a first answer and would get it in
// time, everyone's musts done in order, still gets it when the batch goes first.
// Nothing is claimed of a unit of one request: it is whoever is due first.
RC_GTEST_PROP(DelenPolicyProperty, ABatchMakesNobodyMiss, ()) {
  RandomQueue jobs(ExitsWithBatches({{2, 1.3}, {4, 1.9}}), ExitsWithBatches({{8, 3.0}}));
  jobs.AddSome(true);
  const double slowdown = *rc::gen::inRange(50, 300) * 0.01;
  const Queue queue = jobs.At(slowdown);
  RC_PRE(!queue.jobs.empty());
  const Plan plan = kPolicy.Choose(queue);
  RC_PRE(plan.kind == Plan::Kind::kRun && plan.jobs.size() > 1);
  const core::ExitTable::Costs costs =
      queue.jobs[0]->exits->CostsFor(RowsOf(queue.jobs, plan.jobs));
  const Seconds time = costs.table->stages[queue.jobs[0]->reached()].p99 * costs.factor * slowdown;
  const Boundaries boundaries(queue.jobs);
  Seconds ahead;
  Seconds ahead_of_others;
  for (std::size_t i = 0; i < queue.jobs.size(); ++i) {
    const WaitingJob& job = *queue.jobs[i];
    const Claim claim = ClaimOf(job, boundaries.rows(job), ConditionsAt(queue.now, queue.slowdown));
    const bool is_member = std::ranges::find(plan.jobs, i) != plan.jobs.end();
    ahead += MustWork(claim);
    if (!is_member) ahead_of_others += MustWork(claim);
    const Seconds done = is_member ? time : time + ahead_of_others;
    if (job.reached() > 0 || ahead > claim.budget) continue;
    RC_ASSERT(done <= claim.budget + Seconds(kTolerance));
  }
}

// --- Plans ---

RC_GTEST_PROP(DelenPolicyProperty, PlansAreLegal, ()) {
  RandomQueue jobs(ExitsWithBatches({{2, 1.3}, {4, 1.9}}), WithQuantiles(1.1, 1.2));
  jobs.AddSome(true);
  const Queue queue = jobs.At(*rc::gen::inRange(50, 300) * 0.01);
  RC_PRE(!queue.jobs.empty());
  const Plan plan = kPolicy.Choose(queue);
  const WaitingJob& first = *queue.jobs[plan.jobs[0]];
  if (plan.kind == Plan::Kind::kAnswer) {
    RC_ASSERT(plan.exit >= 0 && plan.exit <= first.last_reached());
    return;
  }
  RC_ASSERT(plan.kind == Plan::Kind::kRun);
  RC_ASSERT(plan.jobs[0] == 0U);  // whoever is due first
  RC_ASSERT(plan.exit == first.last_reached() + 1);
  RC_ASSERT(plan.exit <= first.exits->last_exit());
  for (const std::size_t index : plan.jobs) RC_ASSERT(MayShareBatch(first, *queue.jobs[index]));
}

// --- Admission ---

// One request at a time: accepted are just those with whom all still keep their
// deadlines, and who fit alone.
RC_GTEST_PROP(DelenPolicyProperty, AdmitsThoseWithWhomAllKeepTheirDeadlines, ()) {
  RandomQueue jobs(WithQuantiles(1.3, 2.0), WithQuantiles(1.1, 1.2));
  jobs.AddSome(true);
  RandomJob arriving = *AnyJob(true);
  arriving.reached = 0;
  arriving.over_share = false;
  const double slowdown = *rc::gen::inRange(50, 300) * 0.01;
  const Conditions conditions = ConditionsAt(TimePoint(kNow), slowdown);
  const Queue before = jobs.At(slowdown);
  RC_PRE(AllKeepTheirDeadlines(before.jobs, conditions));
  const std::size_t count = before.jobs.size();
  jobs.Add(arriving);
  const Queue with = jobs.At(slowdown);
  const auto is_new = [&](const WaitingJob* job) { return job->id == count + 1; };
  const WaitingJob& job = **std::ranges::find_if(with.jobs, is_new);
  std::vector<const WaitingJob*> others;
  std::ranges::remove_copy_if(with.jobs, std::back_inserter(others), is_new);
  Queue queue = with;
  queue.jobs = others;
  const bool fits = Fits(job, 0, conditions) && AllKeepTheirDeadlines(with.jobs, conditions);
  RC_ASSERT((kPolicy.Admit(queue, job) == Verdict::kAccept) == fits);
}

}  // namespace
}  // namespace delen::policy
