// Counts the answers of one model to one tenant.
#pragma once

#include <array>

#include "core/bounds.h"
#include "core/model_spec.h"
#include "core/request.h"
#include "metrics/families.h"

namespace delen::metrics {

// Memory:  allocates when something is counted for the first time.
// Threads: one thread counts; another may scrape meanwhile.
class AnswerCounters {
 public:
  // `families` must outlive this; `who` is the labels of all that is counted.
  AnswerCounters(Families& families, prometheus::Labels who);

  void Count(const core::Bounds& asked, const core::Account& account);

 private:
  // Null until there is something to count.
  using LazyCounter = prometheus::Counter*;
  struct BoundCounters {
    LazyCounter asked = nullptr;
    LazyCounter missed = nullptr;
  };

  void CountExit(int exit);
  void CountBound(core::Bound bound, bool missed);
  void CountEnergy(EnergySource source, Joules energy);

  Families* families_;
  prometheus::Labels who_;
  prometheus::Histogram* latency_;
  prometheus::Histogram* queue_;
  prometheus::Counter* degraded_;
  prometheus::Counter* device_;
  std::array<LazyCounter, core::kMaxExits> exits_{};
  std::array<BoundCounters, core::kAllBounds.size()> bounds_{};
  LazyCounter energy_ = nullptr;  // of the source seen last: a machine has one
  EnergySource source_ = EnergySource::kModel;
};

}  // namespace delen::metrics
