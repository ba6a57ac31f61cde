// What came of one tenant's requests, simulated or sent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/latency_histogram.h"
#include "base/units.h"
#include "core/request.h"

namespace delen::workload {

// Counts over the requests that arrived after the warm-up. Each of them was
// answered, refused or dropped.
struct Tally {
  std::string tenant;
  std::uint64_t arrived = 0;
  std::uint64_t answered = 0;
  std::uint64_t kept = 0;            // answered, and no bound missed
  std::uint64_t degraded = 0;        // answered after their latency bound was given up
  std::uint64_t refused = 0;         // turned away by the server's own decision
  std::uint64_t dropped = 0;         // neither answered nor refused
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

// "0/12/88": per cent of the answers by exit; "-" without an answer.
std::string ExitShares(const Tally& tally, std::string_view separator = "/");

}  // namespace delen::workload
