#include "metrics/answer_counters.h"

#include <fmt/core.h>

#include <utility>

namespace delen::metrics {
namespace {

// From what a small model takes to what somebody would call a hang.
const prometheus::Histogram::BucketBoundaries kSeconds = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
    0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  10.0};

bool Asks(const core::Bounds& bounds, core::Bound bound) {
  switch (bound) {
    case core::Bound::kLatency: return bounds.max_latency.has_value();
    case core::Bound::kEnergy: return bounds.max_energy.has_value();
    case core::Bound::kAccuracy: return bounds.min_accuracy.has_value();
    case core::Bound::kConfidence: return bounds.min_confidence.has_value();
  }
  return false;
}

}  // namespace

AnswerCounters::AnswerCounters(Families& families, prometheus::Labels who)
    : families_(&families),
      who_(std::move(who)),
      latency_(&families.latency.Add(who_, kSeconds)),
      queue_(&families.queue.Add(who_, kSeconds)),
      degraded_(&families.degraded.Add(who_)),
      device_(&families.device.Add(who_)) {}

void AnswerCounters::Count(const core::Bounds& asked, const core::Account& account) {
  CountExit(account.exit);
  for (const core::Bound bound : core::kAllBounds) {
    if (Asks(asked, bound)) CountBound(bound, account.missed.contains(bound));
  }
  latency_->Observe(account.latency.value());
  queue_->Observe(account.queue.value());
  if (account.degraded) degraded_->Increment();
  device_->Increment(account.device.value());
  CountEnergy(account.energy_source, account.energy);
}

void AnswerCounters::CountExit(int exit) {
  LazyCounter& counter = exits_[static_cast<std::size_t>(exit)];
  if (counter == nullptr) {
    counter = &families_->requests.Add(With(who_, "exit", fmt::format("{}", exit)));
  }
  counter->Increment();
}

// Both counters are there from the first time asked, so that a share can be made
// of them.
void AnswerCounters::CountBound(core::Bound bound, bool missed) {
  BoundCounters& counters = bounds_[static_cast<std::size_t>(bound)];
  if (counters.asked == nullptr) {
    const prometheus::Labels labels = With(who_, "bound", ParameterName(bound));
    counters = {&families_->bounds_asked.Add(labels), &families_->bounds_missed.Add(labels)};
  }
  counters.asked->Increment();
  if (missed) counters.missed->Increment();
}

void AnswerCounters::CountEnergy(EnergySource source, Joules energy) {
  if (energy_ == nullptr || source != source_) {
    energy_ = &families_->energy.Add(With(who_, "source", Name(source)));
    source_ = source;
  }
  energy_->Increment(energy.value());
}

}  // namespace delen::metrics
