// Deferred batching: a batch starts as late as its deadlines allow, so that more
// can join it.
#pragma once

#include "policy/policy.h"

namespace delen::policy {

// Runs every request to the last exit. Per model, the oldest requests that can
// still be met together make a batch; it starts when one more would not fit any
// longer, or when it is full. What cannot be met even alone is dropped.
//
// Source:  Chen et al., "Symphony: Optimized DNN Model Serving using Deferred
//          Batch Scheduling", arXiv 2308.07470.
class SymphonyPolicy final : public Policy {
 public:
  Plan Choose(const Queue& queue) const override;
};

}  // namespace delen::policy
