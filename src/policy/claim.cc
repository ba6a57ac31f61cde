#include "policy/claim.h"

#include <algorithm>
#include <limits>

#include "policy/batching.h"
#include "policy/forecast.h"

namespace delen::policy {
namespace {

using Steps = std::span<const core::ExitTable::Step>;

// Whether the answer of the last exit reached is all that the objective and the
// floors ask for.
bool IsEnough(const WaitingJob& job) {
  const core::Bounds& bounds = *job.bounds;
  if (job.reached() == 0 || core::ObjectiveOf(bounds) == core::Objective::kAccuracy) return false;
  const double confidence = job.confidences.back();
  if (bounds.min_confidence && confidence < *bounds.min_confidence) return false;
  return !bounds.min_accuracy || job.floor.LetsLeave(job.last_reached(), confidence);
}

Steps StepsWanted(const WaitingJob& job) {
  const core::Bounds& bounds = *job.bounds;
  const Steps steps = job.exits->steps(job.reached());
  if (IsEnough(job)) return {};
  if (core::ObjectiveOf(bounds) == core::Objective::kAccuracy || bounds.min_confidence) {
    return steps;
  }
  const int last = bounds.min_accuracy ? job.floor.last_exit : 0;
  const auto beyond =
      std::ranges::find_if(steps, [&](const auto& step) { return step.exit > last; });
  return {steps.begin(), beyond};
}

// The part that is done at any price: the first answer, and what a floor needs.
Seconds Must(const WaitingJob& job, Steps allowed) {
  if (allowed.empty()) return {};
  const bool wants_accuracy = core::ObjectiveOf(*job.bounds) == core::Objective::kAccuracy;
  if (!wants_accuracy) return allowed.back().time;
  return job.reached() == 0 ? allowed.front().time : Seconds();
}

// A client's own rule decides after the next stage, whatever it costs.
Seconds NextStage(const WaitingJob& job) {
  const std::vector<Seconds>& sums = job.exits->CostsFor(1).sums->p95;
  return sums[job.reached() + 1] - sums[job.reached()];
}

}  // namespace

bool Fits(const WaitingJob& job, int exit, const Conditions& conditions) {
  const core::Bounds& bounds = *job.bounds;
  if (!bounds.max_latency && !bounds.max_energy) return true;
  const Forecast forecast(*job.exits, job.rows, conditions.slowdown);
  const int from = job.last_reached();
  const Seconds elapsed = conditions.now - job.arrival;
  const Seconds latency = elapsed + forecast.Time(from, exit) + conditions.response_reserve;
  return (!bounds.max_latency || latency <= *bounds.max_latency) &&
         (!bounds.max_energy || job.energy + forecast.Energy(from, exit) <= *bounds.max_energy);
}

Steps StepsAllowed(const WaitingJob& job, const Conditions& conditions) {
  const Steps wanted = StepsWanted(job);
  std::size_t count = 0;
  while (count < wanted.size() && Fits(job, wanted[count].exit, conditions)) ++count;
  if (count == 0 && job.reached() == 0) count = 1;
  return wanted.first(count);
}

Claim ClaimOf(const WaitingJob& job, int rows_at_boundary, const Conditions& conditions) {
  Claim claim;
  if (job.stop_rule != nullptr) {
    claim.must = NextStage(job);
  } else {
    claim.steps = StepsAllowed(job, conditions);
    claim.must = Must(job, claim.steps);
  }
  const int rows = job.alone ? job.rows : std::max(job.rows, rows_at_boundary);
  claim.scale = conditions.slowdown * job.rows * job.exits->BatchShare(rows);
  claim.budget = job.late ? Seconds(std::numeric_limits<double>::infinity())
                          : job.deadline - conditions.now - conditions.response_reserve;
  return claim;
}

Seconds SlackOf(const WaitingJob& job, const Conditions& conditions) {
  const Forecast forecast(*job.exits, job.rows, conditions.slowdown);
  const Seconds slack =
      job.deadline - conditions.now - conditions.response_reserve - forecast.Time(-1, 0);
  return slack < Seconds() ? Seconds(std::numeric_limits<double>::infinity()) : slack;
}

bool AllKeepTheirDeadlines(std::span<const WaitingJob* const> jobs, const Conditions& conditions) {
  const Boundaries boundaries(jobs);
  Seconds total;
  for (const WaitingJob* job : jobs) {
    const Claim claim = ClaimOf(*job, boundaries.rows(*job), conditions);
    total += MustWork(claim);
    if (claim.must > Seconds() && total > claim.budget) return false;
  }
  return true;
}

bool CanKeepDeadline(const WaitingJob& job, const Conditions& conditions) {
  if (job.reached() > 0 || job.stop_rule != nullptr) return true;
  const core::ExitTable::Costs costs = job.exits->CostsFor(job.rows);
  const Seconds time = costs.table->stages[0].p50 * (costs.factor * conditions.slowdown);
  return conditions.now + time + conditions.response_reserve <= job.deadline;
}

}  // namespace delen::policy
