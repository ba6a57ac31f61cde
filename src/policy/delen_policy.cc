#include "policy/delen_policy.h"

namespace delen::policy {
namespace {

// Whether the answer of the last exit reached is all that the objective and the
// floors ask for.
bool IsEnough(const Snapshot& snapshot) {
  const core::Bounds& bounds = snapshot.bounds;
  if (core::ObjectiveOf(bounds) == core::Objective::kAccuracy) return false;
  const double confidence = snapshot.confidences.back();
  if (bounds.min_confidence && confidence < *bounds.min_confidence) return false;
  return !bounds.min_accuracy || snapshot.floor.LetsLeave(snapshot.last_reached(), confidence);
}

// The next exit whose answer is worth more than any reached so far.
std::optional<int> NextWorthMore(const Snapshot& snapshot) {
  const core::ExitTable& exits = snapshot.exits;
  if (snapshot.confidences.empty()) return 0;
  const double value = exits.value(BestReached(exits, snapshot.confidences.size()));
  for (int exit = snapshot.last_reached() + 1; exit < exits.exit_count(); ++exit) {
    if (exits.value(exit) > value) return exit;
  }
  return std::nullopt;
}

}  // namespace

Decision DelenPolicy::Decide(const Snapshot& snapshot) const {
  const std::optional<int> next = NextWorthMore(snapshot);
  const bool fits = next && Fits(snapshot, *next);
  if (snapshot.confidences.empty()) return {Decision::Kind::kRunNextStage, *next, fits};
  if (fits && !IsEnough(snapshot)) return {Decision::Kind::kRunNextStage, *next, true};
  return {Decision::Kind::kAnswer, BestReached(snapshot.exits, snapshot.confidences.size()), true};
}

bool DelenPolicy::Fits(const Snapshot& snapshot, int exit) const {
  const core::Bounds& bounds = snapshot.bounds;
  const int from = snapshot.last_reached();
  const Seconds latency = snapshot.elapsed + snapshot.forecast.Time(from, exit) + response_reserve_;
  const Joules energy = snapshot.energy + snapshot.forecast.Energy(from, exit);
  return (!bounds.max_latency || latency <= *bounds.max_latency) &&
         (!bounds.max_energy || energy <= *bounds.max_energy);
}

}  // namespace delen::policy
