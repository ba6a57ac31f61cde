#include "accuracy_floor.h"

namespace delen::bench {
namespace {

struct Average {
  double accuracy = 0.0;
  double flops = 0.0;
};

Result<Average> AskForAll(client::InferenceClient& client, const LiveServer& live,
                          const std::string& model, const apps::LabelledInputs& data,
                          const core::Parameters& parameters) {
  Average average;
  const double share = 1.0 / static_cast<double>(data.inputs.size());
  for (std::size_t row = 0; row < data.inputs.size(); ++row) {
    const Result<Answer> answer = Ask(client, model, data, row, parameters);
    if (!answer) return answer.error();
    average.accuracy += answer->correct ? share : 0.0;
    average.flops += live.exits().cumulative_flops(answer->exit) * share;
  }
  return average;
}

std::string AlwaysExit(int exit) {
  return fmt::format(R"({{"metric": "exit", "op": "equal", "threshold": {}}})", exit);
}

}  // namespace

Result<std::vector<FloorScore>> MeasureFloors(LiveServer& live, const std::string& model,
                                              const apps::LabelledInputs& data) {
  Result<client::InferenceClient> client =
      client::InferenceClient::Connect("127.0.0.1", live.server->port());
  if (!client) return std::move(client).error();
  std::vector<Average> fixed;
  for (int exit = 0; exit < live.exits().exit_count(); ++exit) {
    const Result<Average> average =
        AskForAll(*client, live, model, data, {{"stop_rule", AlwaysExit(exit)}});
    if (!average) return average.error();
    fixed.push_back(*average);
  }
  std::vector<FloorScore> scores;
  for (std::size_t exit = 0; exit + 1 < fixed.size(); ++exit) {
    if (fixed[exit + 1].accuracy <= fixed[exit].accuracy) continue;
    FloorScore score;
    score.floor = (fixed[exit].accuracy + fixed[exit + 1].accuracy) / 2.0;
    score.fixed_exit = static_cast<int>(exit + 1);
    const Result<Average> average =
        AskForAll(*client, live, model, data, {{"min_accuracy", score.floor}});
    if (!average) return average.error();
    score.accuracy = average->accuracy;
    score.work_over_fixed_exit = average->flops / fixed[exit + 1].flops;
    scores.push_back(score);
  }
  return scores;
}

}  // namespace delen::bench
