// A four-exit model made of literals, for tests of deciding code.
#pragma once

#include "core/exit_table.h"

namespace delen::core::testing {

// Exits at 1, 3, 6 and 10 ms (p50 = p95 = p99), accuracies 0.6, 0.8, 0.9, 0.85
// (the last is dominated), 1 W while running, one thread, batch 1.
inline ModelVersion SampleModel() {
  ModelVersion model;
  model.version = 1;
  model.spec.name = "sample";
  model.spec.inputs = {{"input", DataType::kFp32, {-1, 4}}};
  model.spec.output = {"output", DataType::kFp32, {-1, 2}};
  model.spec.exits = {"exit_0", "exit_1", "exit_2", "exit_3"};
  model.profile.stage_flops = {100, 200, 300, 400};
  CostTable costs;
  for (const double ms : {1.0, 2.0, 3.0, 4.0}) {
    const Seconds time = FromMilliseconds(ms);
    costs.stages.push_back({time, time, time, time * Watts(1.0)});
  }
  model.profile.costs = {costs};
  Quality quality;
  quality.data = "literals";
  quality.samples = 100000;
  quality.exits = {{0.6, 1.0, 0.0}, {0.8, 1.0, 0.0}, {0.9, 1.0, 0.0}, {0.85, 1.0, 0.0}};
  quality.floor_points = {
      {0, 2.0, 0.60, 100}, {1, 2.0, 0.80, 300}, {1, 0.7, 0.74, 200},
      {2, 2.0, 0.90, 600}, {2, 0.7, 0.84, 320}, {2, 0.9, 0.88, 420},
  };
  model.profile.quality = quality;
  return model;
}

inline ExitTable SampleExits() { return ExitTable::Make(SampleModel(), 1).value(); }

}  // namespace delen::core::testing
