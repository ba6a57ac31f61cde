// Every request from one and the same exit, as servers without bounds do.
#pragma once

#include <optional>

#include "policy/policy.h"

namespace delen::policy {

// Batches of whatever waits for one model, run to the exit without looking up.
class StaticExitPolicy final : public Policy {
 public:
  enum class Order { kFirstCome, kEarliestDeadline };

  // Without an exit, or where a model has fewer: the last.
  StaticExitPolicy(std::optional<int> exit, Order order) : exit_(exit), order_(order) {}

  Plan Choose(const Queue& queue) const override;

 private:
  int ExitOf(const WaitingJob& job) const;

  std::optional<int> exit_;
  Order order_;
};

}  // namespace delen::policy
