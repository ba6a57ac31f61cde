// Answers at the first exit that is sure enough, whatever the bounds.
#pragma once

#include "policy/policy.h"

namespace delen::policy {

// First come, first served, in batches.
//
// Source:  Teerapittayanon et al., "BranchyNet", ICPR 2016; by calibrated
//          confidence where the paper takes entropy.
class ConfidencePolicy final : public Policy {
 public:
  explicit ConfidencePolicy(double threshold) : threshold_(threshold) {}

  Plan Choose(const Queue& queue) const override;

 private:
  double threshold_;
};

}  // namespace delen::policy
