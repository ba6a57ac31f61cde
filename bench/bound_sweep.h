// Sweeps the latency bound over live requests: how often it is missed, and how
// much accuracy the choice of exits gives away.
#pragma once

#include <cstdint>

#include "live_server.h"

namespace delen::bench {

struct SweepScore {
  int requests = 0;
  double lowest_bound_ms = 0.0;
  double highest_bound_ms = 0.0;
  double violation_rate = 0.0;           // Delen's policy
  double reactive_violation_rate = 0.0;  // "stop once the bound has passed", as a stop rule
  double accuracy = 0.0;
  double reactive_accuracy = 0.0;
  // Of the best exit that fitted, chosen with hindsight: all stages are run right
  // after each request, and the server's own time for that request is kept free.
  double clairvoyant_accuracy = 0.0;
  std::vector<std::int64_t> by_exit;  // Delen's answers
};

// Bounds from the first exit's p99 to twice the last exit's, in an order drawn
// from `seed`.
Result<SweepScore> SweepBounds(LiveServer& live, const std::string& model,
                               const apps::LabelledInputs& data, int requests, std::uint64_t seed);

}  // namespace delen::bench
