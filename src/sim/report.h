// What came of a simulated workload.
#pragma once

#include <cstdint>
#include <vector>

#include "base/units.h"
#include "workload/tally.h"

namespace delen::sim {

using workload::Tally;

struct Report {
  std::vector<Tally> tenants;
  Seconds time;              // simulated, warm-up excluded
  std::uint64_t stages = 0;  // run; a batch counts once
  std::uint64_t hash = 0;    // of every outcome in order; equal runs have equal hashes

  Tally Total() const;
  double Goodput(const Tally& tally) const {
    return static_cast<double>(tally.kept) / time.value();
  }
};

}  // namespace delen::sim
