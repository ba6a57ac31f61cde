// What came of simulated workloads, for people, for machines and as a picture.
#pragma once

#include <string>
#include <vector>

#include "sim/report.h"

namespace delen::apps {

// One run: a policy at a scale of the scenario's rates.
struct SimulationRun {
  std::string policy;
  double scale = 1.0;
  sim::Report report;
};

// One line per tenant and one for all; of several runs, only the latter.
std::string SimulationTable(const std::vector<SimulationRun>& runs);

// An array with one object per run.
std::string SimulationJson(const std::vector<SimulationRun>& runs);

// The violation rate over the rate of arrivals, one line per policy.
std::string SimulationSvg(const std::string& scenario, const std::vector<SimulationRun>& runs);

}  // namespace delen::apps
