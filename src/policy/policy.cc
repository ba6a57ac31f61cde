#include "policy/policy.h"

#include <algorithm>

namespace delen::policy {

Plan Answer(std::size_t job, int exit) {
  Plan plan;
  plan.kind = Plan::Kind::kAnswer;
  plan.jobs = {job};
  plan.exit = exit;
  return plan;
}

Plan Drop(std::size_t job) {
  Plan plan;
  plan.kind = Plan::Kind::kDrop;
  plan.jobs = {job};
  return plan;
}

std::optional<Plan> AnswerOfReached(const Queue& queue) {
  const auto found =
      std::ranges::find_if(queue.jobs, [](const WaitingJob* job) { return job->reached() > 0; });
  if (found == queue.jobs.end()) return std::nullopt;
  return Answer(static_cast<std::size_t>(found - queue.jobs.begin()), (*found)->last_reached());
}

int BestReached(const core::ExitTable& exits, std::size_t reached) {
  int best = 0;
  for (int exit = 1; exit < static_cast<int>(reached); ++exit) {
    if (exits.value(exit) > exits.value(best)) best = exit;
  }
  return best;
}

bool StopsHere(const WaitingJob& job, TimePoint now) {
  const core::ExitTable& exits = *job.exits;
  const int exit = job.last_reached();
  if (exit == exits.last_exit()) return true;
  return job.stop_rule->StopsAt({.exit = exit,
                                 .response_time = now - job.arrival,
                                 .confidence = job.confidences.back(),
                                 .accuracy = exits.accuracy(exit).value_or(0.0),
                                 .energy = job.energy,
                                 .computation = exits.cumulative_flops(exit)});
}

}  // namespace delen::policy
