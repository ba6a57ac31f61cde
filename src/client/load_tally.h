// What came of one tenant's requests, by the client's own clock.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/latency_histogram.h"
#include "base/result.h"
#include "base/units.h"
#include "client/infer_message.h"
#include "core/bounds.h"
#include "core/request.h"
#include "workload/tally.h"

namespace delen::client {

// The server's account of an answer, but for its latency, which is `latency`:
// from the instant at which the request was due to its answer received. All
// `bounds` are judged anew with it.
// Errors: kInternal when the server did not say what its protocol promises.
Result<core::Account> AccountOf(const InferReply& reply, const core::Bounds& bounds,
                                Seconds latency);

struct LoadTally {
  // Latencies count from the instants at which requests were due. What failed
  // is `dropped`; what the server turned away (422, 429, 503) is `refused`.
  workload::Tally counts;
  LatencyHistogram server_latency;  // by the server's clock
  std::uint64_t told_kept = 0;      // answered, and the server said that all bounds were met
  // From the instant due to the request on its way, of those that found an open
  // connection free: the generator's own fault.
  LatencyHistogram send_delay;
  std::uint64_t waited = 0;    // found all connections busy, and were sent late
  std::uint64_t labelled = 0;  // rows answered whose right class is known
  std::uint64_t correct = 0;
  std::string first_error;  // of what failed; empty if nothing did

  // `labels` are the right classes of the rows; empty when unknown.
  void OnAnswer(const InferReply& reply, const core::Bounds& bounds, Seconds latency,
                std::span<const std::int32_t> labels);
  // The server answered, with another status than 200.
  void OnRefusal(const Error& error);
  // There was no answer, or none that could be read.
  void OnFailure(const Error& error);
  // Of those that were let in, not answered within their bounds by the server's
  // own account.
  double ToldViolationRate() const;
  // As if all that `other` counted had been counted here.
  void Merge(const LoadTally& other);
};

// One run of a scenario.
struct LoadReport {
  std::vector<LoadTally> tenants;  // in the scenario's order
  Seconds time;                    // warm-up excluded

  LoadTally Total() const;
  double Goodput(const LoadTally& tally) const {
    return time > Seconds(0.0) ? static_cast<double>(tally.counts.kept) / time.value() : 0.0;
  }
};

}  // namespace delen::client
