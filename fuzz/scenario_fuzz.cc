// Any text as a scenario file: read or refused, and what is read can be run.
//
// Input: the scenario, a line "===", then what every recording that it names holds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "core/exit_table.h"
#include "workload/scenario.h"

namespace {

using delen::Result;
using delen::Seconds;
using delen::TimePoint;
using delen::workload::Scenario;

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckArrivals(const Scenario& scenario) {
  constexpr int kDrawn = 3;
  for (std::size_t tenant = 0; tenant < scenario.tenants.size(); ++tenant) {
    const auto arrivals = scenario.ArrivalsOf(tenant);
    TimePoint last;
    for (int i = 0; i < kDrawn; ++i) {
      const std::optional<TimePoint> next = arrivals->Next();
      if (!next) break;
      Require(*next >= last);
      last = *next;
    }
  }
}

void CheckMachine(const Scenario& scenario) {
  const auto slowdown = scenario.SlowdownOverTime();
  for (const double time : {0.0, 0.001, 0.5, 1.0, 10.0}) {
    const double value = slowdown->At(TimePoint(Seconds(time)));
    Require(value > 0.0099 && value < 100.1);
  }
  Require(scenario.NoiseOfStages().Next() > 0.0);
}

void CheckModels(const Scenario& scenario) {
  for (const auto& model : scenario.models) {
    if (model.published) Require(delen::core::ExitTable::Make(*model.published, 1).has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kSeparator = "\n===\n";
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = text.find(kSeparator);
  const auto recording = [&](const std::string& /*name*/) -> Result<std::string> {
    if (cut == std::string_view::npos) return delen::NotFound("no such file");
    return std::string(text.substr(cut + kSeparator.size()));
  };
  auto scenario = delen::workload::ParseScenario(text.substr(0, cut), "scenario.toml", recording);
  if (!scenario) return 0;
  CheckModels(*scenario);
  CheckMachine(*scenario);
  CheckArrivals(*scenario);
  scenario->ScaleRates(2.0);
  CheckArrivals(*scenario);
  return 0;
}
