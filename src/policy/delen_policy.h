// Delen's own policy: everyone keeps their bounds first, then time goes where it
// gains the most.
#pragma once

#include "policy/batching.h"
#include "policy/claim.h"
#include "policy/policy.h"

namespace delen::policy {

// Earliest deadline first, one stage at a time. How deep a job goes is limited
// by its own bounds, by a high quantile of the way to the next exit, and by the
// price of device time: the lowest at which all who wait keep their deadlines,
// and what keeps arriving can be served. When the machine is short of time, the
// price rises and everyone leaves earlier; nobody is dropped (docs/scheduling.md).
//
// Jobs at the same boundary share a batch when the profile says that it pays and
// nobody else's deadline is broken by waiting for it.
class DelenPolicy final : public Policy {
 public:
  // `response_reserve` is kept free of a latency bound for what comes after the
  // last stage: writing the answer.
  explicit DelenPolicy(Seconds response_reserve) : response_reserve_(response_reserve) {}

  Plan Choose(const Queue& queue) const override;
  Verdict Admit(const Queue& queue, const WaitingJob& job) const override;

 private:
  Conditions ConditionsOf(const Queue& queue) const {
    return {queue.now, queue.slowdown, response_reserve_};
  }

  Seconds response_reserve_;
};

}  // namespace delen::policy
