// What came of a simulated workload.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/latency_histogram.h"
#include "base/result.h"
#include "base/units.h"
#include "core/request.h"

namespace delen::sim {

// Counts over the requests of one tenant that arrived after the warm-up.
struct Tally {
  std::string tenant;
  std::uint64_t arrived = 0;
  std::uint64_t answered = 0;
  std::uint64_t kept = 0;            // answered, and no bound missed
  std::uint64_t degraded = 0;        // answered after their latency bound was given up
  std::uint64_t refused = 0;         // at arrival
  std::uint64_t dropped = 0;         // later
  std::vector<std::uint64_t> exits;  // answers by exit
  double accuracy_sum = 0.0;         // expected accuracy of the answers
  Seconds device;
  Joules energy;
  LatencyHistogram latency;

  void OnAnswer(const core::Account& account);
  void Merge(const Tally& other);

  // Of those that were let in, answered outside their bounds or not at all.
  double AdmittedViolationRate() const;
  // Of all that arrived, not answered within their bounds.
  double ViolationRate() const;
  double MeanAccuracy() const;  // of the answers; 0 without any
};

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
