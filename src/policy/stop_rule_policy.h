// Answers where the client's own stop rule says so.
#pragma once

#include "policy/policy.h"

namespace delen::policy {

// The reference implementation's behaviour: run a stage, then test the
// condition of its exit; answer from the exit where it holds, else from the
// last. Bounds are not consulted, and what the next stage would cost is not
// asked, so a rule "stop after 20 ms" is late by up to one stage.
//
// Source: Liang et al., "Delen", IoTDI 2023, and its published implementation.
class StopRulePolicy final : public Policy {
 public:
  // REQUIRES: snapshot.stop_rule is not null and fits the model.
  Decision Decide(const Snapshot& snapshot) const override;
};

}  // namespace delen::policy
