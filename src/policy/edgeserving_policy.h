// Model, exit and batch chosen jointly by how badly everyone else would wait.
#pragma once

#include "policy/policy.h"

namespace delen::policy {

// For each model: its oldest requests, at most ten, to the deepest exit at which
// the oldest keeps its bound. The model runs whose turn leaves the others with
// the lowest sum of min(exp(wait / bound - 1), 10). Models with nothing waiting
// are skipped, which the published code forgets.
//
// Source:  "EdgeServing", arXiv 2605.05527; its artifact's
//          early_exit_lowest_interference.
class EdgeServingPolicy final : public Policy {
 public:
  Plan Choose(const Queue& queue) const override;
};

}  // namespace delen::policy
