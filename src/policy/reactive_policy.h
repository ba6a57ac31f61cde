// The reference implementation's rule: stop when the bound is over already.
#pragma once

#include "policy/policy.h"

namespace delen::policy {

// First come, first served, alone, to the end; after each stage the time passed
// is held against the bound. It cannot but overshoot.
//
// Source:  Delen's artifact, conditional_executor.py ("response_time > bound").
class ReactivePolicy final : public Policy {
 public:
  Plan Choose(const Queue& queue) const override;
};

}  // namespace delen::policy
