#include "profiler/model_profiler.h"

#include <algorithm>
#include <thread>

#include "profiler/all_exits.h"
#include "profiler/quality.h"

namespace delen::profiler {

Result<core::Profile> ModelProfiler::Run(const core::ModelVersion& model,
                                         const ProfileOptions& options) const {
  std::vector<int> threads = options.threads;
  std::sort(threads.begin(), threads.end());
  threads.erase(std::unique(threads.begin(), threads.end()), threads.end());
  if (threads.empty() || threads.front() < 1) {
    return InvalidArgument("thread counts to measure are at least 1, and there is at least one");
  }

  core::Profile profile = model.profile;
  profile.costs.clear();
  profile.energy_source = gauge_.source();
  for (const int count : threads) {
    const Result<std::unique_ptr<backend::Backend>> backend = open_backend_(count);
    if (!backend) return backend.error();
    Result<std::vector<core::CostTable>> costs =
        MeasureLatency(**backend, model, count, options.latency, gauge_, clock_, progress_);
    if (!costs) return std::move(costs).error();
    profile.costs.insert(profile.costs.end(), costs->begin(), costs->end());

    // Answers do not depend on the thread count, so the largest gives them.
    if (options.data == nullptr || count != threads.back()) continue;
    const Result<Answers> answers = RunAllExits(**backend, model, count, *options.data, progress_);
    if (!answers) return answers.error();
    profile.quality = JudgeExits(*answers, model.spec.scores, core::CumulativeFlops(profile),
                                 options.data->source());
  }
  return profile;
}

std::vector<int> DefaultThreads() {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return cores > 1 ? std::vector<int>{1, cores} : std::vector<int>{1};
}

}  // namespace delen::profiler
