// The requests that wait at stage boundaries, as policies see them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "base/units.h"
#include "core/bounds.h"
#include "core/exit_table.h"
#include "core/request.h"
#include "core/stop_rule.h"
#include "policy/floor_rule.h"

namespace delen::policy {

// One request between two stages: all that a decision about it may depend on.
struct WaitingJob {
  core::RequestId id = 0;
  std::size_t slot = 0;  // what the scheduler calls it
  std::uint32_t tenant = 0;
  const core::ExitTable* exits = nullptr;  // of its model
  const core::Bounds* bounds = nullptr;
  const core::StopRule* stop_rule = nullptr;  // null unless the client sent one
  FloorRule floor;                            // of bounds.min_accuracy; unused without it
  TimePoint arrival;
  TimePoint deadline;  // of the latency bound, else never
  TimePoint due;       // what it is ordered by
  int rows = 1;
  std::span<const double> confidences;  // one per exit reached, shallow to deep
  Joules energy;                        // spent on it so far
  bool over_share = false;              // its tenant has had more than its share
  bool yields = false;  // ... and comes after the others: not all can be served in time
  bool late = false;    // its deadline was given up
  bool alone = false;   // must not share a batch

  std::size_t reached() const { return confidences.size(); }
  // -1 before the first stage.
  int last_reached() const { return static_cast<int>(confidences.size()) - 1; }
};

// Whether `a` is due before `b`; of equals, whoever came first.
inline bool IsDueBefore(const WaitingJob& a, const WaitingJob& b) {
  return a.due != b.due ? a.due < b.due : a.id < b.id;
}

// Whether `a` is to be served before `b`: those that yield last, then by what is
// due.
inline bool GoesBefore(const WaitingJob& a, const WaitingJob& b) {
  return a.yields != b.yields ? b.yields : IsDueBefore(a, b);
}

// The requests of one kind that a tenant keeps sending.
struct Stream {
  std::uint32_t tenant = 0;
  double weight = 1.0;  // the tenant's
  double rows_per_second = 0.0;
  double recent_rows = 0.0;                      // those that the rate is known by
  std::span<const core::ExitTable::Step> steps;  // that their bounds allow
  double share = 1.0;  // time per row in a good batch over time per row alone
  // How long a request may wait for its first stage, at the tightest bounds of
  // late; infinite without any.
  Seconds slack{std::numeric_limits<double>::infinity()};
};

struct Queue {
  TimePoint now;
  double slowdown = 1.0;
  std::span<const WaitingJob* const> jobs;  // in order of GoesBefore
  std::span<const Stream> streams;
  Seconds busy;  // until the lane is free again; 0 when it asks what to do
};

}  // namespace delen::policy
