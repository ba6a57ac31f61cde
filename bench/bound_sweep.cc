#include "bound_sweep.h"

#include <algorithm>
#include <random>

#include "executor/executor.h"

namespace delen::bench {
namespace {

double P99ToExit(const core::ExitTable& exits, int exit) {
  Seconds time;
  for (int stage = 0; stage <= exit; ++stage) {
    time += exits.CostsFor(1).table->stages[static_cast<std::size_t>(stage)].p99;
  }
  return InMilliseconds(time);
}

std::vector<double> ShuffledBounds(double lowest, double highest, int count, std::uint64_t seed) {
  std::vector<double> bounds;
  for (int i = 0; i < count; ++i) bounds.push_back(lowest + (highest - lowest) * i / (count - 1));
  std::shuffle(bounds.begin(), bounds.end(), std::mt19937_64(seed));
  return bounds;
}

// Whether the best exit that fits `time` answers this picture rightly, running
// all stages to find out. No exit fits: the first one answers all the same.
Result<bool> ClairvoyantIsRight(LiveServer& live, const core::Tensor& picture, int label,
                                Seconds time) {
  const core::ExitTable& exits = live.exits();
  Result<executor::WorkspaceLease> lease =
      executor::WorkspaceLease::Begin(live.model, std::span(&picture, 1));
  if (!lease) return std::move(lease).error();
  const executor::Executor executor(live.clock);
  Seconds spent;
  int best = 0;
  for (int exit = 0; exit < exits.exit_count(); ++exit) {
    const executor::Outcome outcome = executor.RunStage(*live.model, exit, lease->workspace());
    if (!outcome.status) return outcome.status.error();
    spent += outcome.time;
    if (spent <= time && exits.value(exit) > exits.value(best)) best = exit;
  }
  const backend::ExitOutput output = lease->workspace().exit_output(best);
  const auto* scores = reinterpret_cast<const float*>(output.bytes.data());
  const auto classes = static_cast<std::size_t>(output.shape.back());
  return std::max_element(scores, scores + classes) - scores == label;
}

std::string ReactiveRule(double bound_ms) {
  return fmt::format(R"({{"metric": "response_time", "op": "greater", "threshold": {}}})",
                     bound_ms * 1e-3);
}

}  // namespace

Result<SweepScore> SweepBounds(LiveServer& live, const std::string& model,
                               const apps::LabelledInputs& data, int requests, std::uint64_t seed) {
  Result<client::InferenceClient> client =
      client::InferenceClient::Connect("127.0.0.1", live.server->port());
  if (!client) return std::move(client).error();
  const core::ExitTable& exits = live.exits();
  SweepScore score;
  score.requests = requests;
  score.lowest_bound_ms = P99ToExit(exits, 0);
  score.highest_bound_ms = 2.0 * P99ToExit(exits, exits.last_exit());
  score.by_exit.resize(static_cast<std::size_t>(exits.exit_count()));
  const std::vector<double> bounds =
      ShuffledBounds(score.lowest_bound_ms, score.highest_bound_ms, requests, seed);
  const double share = 1.0 / requests;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const std::size_t row = i % data.inputs.size();
    const Result<Answer> ours = Ask(*client, model, data, row, {{"max_latency_ms", bounds[i]}});
    if (!ours) return ours.error();
    const Result<bool> clairvoyant =
        ClairvoyantIsRight(live, data.inputs[row], data.labels[row],
                           FromMilliseconds(bounds[i] - (ours->latency_ms - ours->device_ms)));
    if (!clairvoyant) return clairvoyant.error();
    const Result<Answer> reactive =
        Ask(*client, model, data, row,
            {{"max_latency_ms", bounds[i]}, {"stop_rule", ReactiveRule(bounds[i])}});
    if (!reactive) return reactive.error();
    score.violation_rate += ours->latency_ms > bounds[i] ? share : 0.0;
    score.reactive_violation_rate += reactive->latency_ms > bounds[i] ? share : 0.0;
    score.accuracy += ours->correct ? share : 0.0;
    score.reactive_accuracy += reactive->correct ? share : 0.0;
    score.clairvoyant_accuracy += *clairvoyant ? share : 0.0;
    ++score.by_exit[static_cast<std::size_t>(ours->exit)];
  }
  return score;
}

}  // namespace delen::bench
