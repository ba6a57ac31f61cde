#include "policy/stop_rule_policy.h"

#include <cassert>

namespace delen::policy {

Decision StopRulePolicy::Decide(const Snapshot& snapshot) const {
  assert(snapshot.stop_rule != nullptr);
  if (snapshot.confidences.empty()) return {Decision::Kind::kRunNextStage, 0, true};
  const core::ExitTable& exits = snapshot.exits;
  const int exit = snapshot.last_reached();
  const core::ExitStatus status{.exit = exit,
                                .response_time = snapshot.elapsed,
                                .confidence = snapshot.confidences.back(),
                                .accuracy = exits.accuracy(exit).value_or(0.0),
                                .energy = snapshot.energy,
                                .computation = exits.cumulative_flops(exit)};
  if (exit == exits.last_exit() || snapshot.stop_rule->StopsAt(status)) {
    return {Decision::Kind::kAnswer, exit, true};
  }
  return {Decision::Kind::kRunNextStage, exit + 1, true};
}

}  // namespace delen::policy
