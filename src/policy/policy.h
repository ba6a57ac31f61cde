// The question asked at every exit, and who answers it.
#pragma once

#include <cstddef>
#include <span>

#include "base/units.h"
#include "core/bounds.h"
#include "core/exit_table.h"
#include "core/stop_rule.h"
#include "policy/floor_rule.h"
#include "policy/forecast.h"

namespace delen::policy {

// One request as it stands between two stages: all that a decision may depend on.
struct Snapshot {
  const core::Bounds& bounds;
  const core::ExitTable& exits;
  const Forecast& forecast;
  const FloorRule& floor;               // of bounds.min_accuracy; unused without it
  const core::StopRule* stop_rule;      // null unless the client sent one
  Seconds elapsed;                      // since the request arrived
  Joules energy;                        // spent on it so far
  std::span<const double> confidences;  // one per exit reached, shallow to deep

  // -1 before the first stage.
  int last_reached() const { return static_cast<int>(confidences.size()) - 1; }
};

struct Decision {
  enum class Kind { kRunNextStage, kAnswer };

  Kind kind = Kind::kRunNextStage;
  int exit = 0;  // kAnswer: the exit whose answer goes out; kRunNextStage: the exit aimed at
  // False when not even the nearest exit is expected to keep the bounds.
  bool feasible = true;
};

// Of the first `reached` exits (at least one), the one whose answer is worth the
// most; the shallowest of equals.
int BestReached(const core::ExitTable& exits, std::size_t reached);

// Threads: stateless; any thread.
class Policy {
 public:
  virtual ~Policy() = default;

  // A function of the snapshot alone: no clock, no state, no I/O. Never asks to
  // run on after the last exit, nor for an exit that was not reached.
  virtual Decision Decide(const Snapshot& snapshot) const = 0;
};

}  // namespace delen::policy
