#include "scheduler/entry.h"

#include <algorithm>
#include <span>

namespace delen::scheduler {

void Entry::Fill(const Job& new_job, Slot slot, Seconds patience) {
  job = new_job;
  waiting = policy::WaitingJob();
  waiting.id = job.id;
  waiting.slot = slot;
  waiting.tenant = job.tenant.index;
  waiting.exits = job.exits;
  waiting.bounds = &job.bounds;
  waiting.stop_rule = job.stop_rule.get();
  waiting.floor = policy::ChooseFloorRule(*job.exits, job.bounds.min_accuracy.value_or(0.0));
  waiting.arrival = job.arrival;
  waiting.deadline =
      job.bounds.max_latency ? job.arrival + *job.bounds.max_latency : TimePoint::Never();
  waiting.due = std::min(waiting.deadline, job.arrival + patience);
  waiting.rows = job.rows;
  waiting.confidences = std::span(confidences.data(), 0);
  waiting.alone = !job.batchable;
  queue = {};
  device = {};
  largest_batch = 1;
  withdrawn.reset();
  error.reset();
}

void Entry::Reach(double confidence) {
  confidences[waiting.reached()] = confidence;
  waiting.confidences = std::span(confidences.data(), waiting.reached() + 1);
}

void Entry::GiveUpDeadline(Seconds patience) {
  waiting.late = true;
  waiting.due = job.arrival + patience;
}

core::Account Entry::AccountOf(int exit, TimePoint now) const {
  core::Account made;
  made.exit = exit;
  made.accuracy_estimate = AccuracyEstimate(exit);
  if (job.exits->scores() != core::ScoreKind::kNone) {
    made.confidence = confidences[static_cast<std::size_t>(exit)];
  }
  made.latency = now - job.arrival;
  made.queue = queue + (now - ready_since);
  made.device = device;
  made.energy = waiting.energy;
  made.energy_source = job.exits->energy_source();
  made.batch = largest_batch;
  made.degraded = waiting.late;
  made.missed = core::MissedBounds(
      job.bounds, {made.latency, made.energy, made.accuracy_estimate, made.confidence});
  return made;
}

std::optional<double> Entry::AccuracyEstimate(int exit) const {
  const core::Bounds& bounds = job.bounds;
  const bool by_floor = bounds.min_accuracy && !job.stop_rule &&
                        core::ObjectiveOf(bounds) != core::Objective::kAccuracy &&
                        waiting.floor.LetsLeave(exit, waiting.confidences.back());
  return by_floor ? waiting.floor.accuracy : job.exits->accuracy(exit);
}

}  // namespace delen::scheduler
