// What was measured of a model's passes at one batch size and thread count.
#pragma once

#include <cstddef>
#include <vector>

#include "base/units.h"
#include "core/profile.h"
#include "power/power_model.h"

namespace delen::profiler {

class PassLog {
 public:
  explicit PassLog(std::size_t stages) : times_(stages) {}

  // One stage of a pass. A pass adds each of its stages once.
  void AddStage(std::size_t stage, Seconds time);
  // What the passes of a block needed, by the meter.
  void AddMetered(Joules energy) { metered_ += energy; }

  // The passes measured, and the time spent in their stages.
  std::size_t passes() const { return times_.front().size(); }
  Seconds time() const { return time_; }

  // Times as quantiles; the metered energy of a mean pass, shared out by the
  // stages' times. At least one pass was logged.
  std::vector<core::StageCost> MeteredCosts() const;
  // As above, with the energy that `model` gives a stage's median time, so that
  // its power is the model's whatever else disturbed the run.
  std::vector<core::StageCost> ModelledCosts(const power::PowerModel& model, int threads) const;

 private:
  std::vector<core::StageCost> TimeCosts() const;

  std::vector<std::vector<double>> times_;  // [stage][pass], seconds
  Seconds time_;
  Joules metered_;
};

}  // namespace delen::profiler
