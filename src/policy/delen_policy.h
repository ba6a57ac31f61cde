// Delen's own rule: predictive, never merely reactive.
#pragma once

#include <optional>

#include "policy/policy.h"

namespace delen::policy {

// At each exit: enough already? Then answer. Else: does the way to the next exit
// that is worth more still fit the bounds, by a high quantile of its time? Then
// run on, else answer with the best exit reached (docs/bounds.md).
class DelenPolicy final : public Policy {
 public:
  // `response_reserve` is kept free of a latency bound for what comes after the
  // last stage: writing the answer.
  explicit DelenPolicy(Seconds response_reserve) : response_reserve_(response_reserve) {}

  Decision Decide(const Snapshot& snapshot) const override;

 private:
  bool Fits(const Snapshot& snapshot, int exit) const;

  Seconds response_reserve_;
};

}  // namespace delen::policy
