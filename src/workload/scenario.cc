#include "workload/scenario.h"

#include <utility>

#include "base/files.h"
#include "base/random.h"

namespace delen::workload {
namespace {

constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{256} << 20;

}  // namespace

void Scenario::ScaleRates(double factor) {
  for (ScenarioTenant& tenant : tenants) {
    tenant.arrivals = WithRate(std::move(tenant.arrivals), factor);
  }
}

std::unique_ptr<ArrivalProcess> Scenario::ArrivalsOf(std::size_t tenant) const {
  return MakeArrivalProcess(tenants[tenant].arrivals, RandomSource(seed, "arrivals", tenant));
}

std::unique_ptr<SlowdownTrace> Scenario::SlowdownOverTime() const {
  return MakeSlowdownTrace(slowdown, RandomSource(seed, "slowdown"));
}

StageNoise Scenario::NoiseOfStages() const {
  return StageNoise(stage_noise_cv, RandomSource(seed, "stage noise"));
}

Result<Scenario> ReadScenario(const std::filesystem::path& file) {
  const Result<std::string> text = ReadFile(file, kMaxFileBytes);
  if (!text) return text.error();
  return ParseScenario(*text, file.string(), [&](const std::string& name) {
    return ReadFile(file.parent_path() / name, kMaxFileBytes);
  });
}

}  // namespace delen::workload
