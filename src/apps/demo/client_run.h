// One client of the demo: asks at a steady pace, under its own bounds, and keeps
// score.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "core/parameters.h"
#include "core/tensor.h"

namespace delen::apps {

// Labelled inputs, one row each.
struct LabelledInputs {
  std::vector<core::Tensor> inputs;
  std::vector<int> labels;  // as inputs
};

struct ClientPlan {
  std::string name;
  std::string bounds;  // for people
  core::Parameters parameters;
  std::uint16_t port = 0;
  std::string model;
  Seconds period;    // between the starts of two requests
  Seconds duration;  // of the whole run
};

// What a client got.
struct ClientScore {
  std::vector<double> latency_ms;     // by the server's clock, in the order asked
  std::vector<std::int64_t> by_exit;  // answers per exit
  std::int64_t correct = 0;
  std::int64_t bounds_met = 0;

  std::int64_t answers() const { return static_cast<std::int64_t>(latency_ms.size()); }
};

// Runs to the end of the plan. `asked` counts requests as they go, for a
// progress bar.
// Errors: the first request that was not answered.
Result<ClientScore> RunClient(const ClientPlan& plan, const LabelledInputs& data, int exit_count,
                              std::atomic<std::int64_t>& asked);

}  // namespace delen::apps
