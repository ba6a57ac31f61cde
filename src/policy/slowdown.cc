#include "policy/slowdown.h"

#include <algorithm>
#include <cmath>

namespace delen::policy {
namespace {
// Ratios outside say more about the clock or the profile than about the machine.
constexpr double kLeast = 0.25;
constexpr double kMost = 100.0;
// Younger estimates, in units of kFading, are as good as new.
constexpr double kFresh = 0.25;
}  // namespace

void SlowdownEstimator::Update(Seconds measured, Seconds profiled, TimePoint now) {
  if (profiled <= Seconds(0.0)) return;
  ratios_[count_ % kWindow] = std::clamp(measured / profiled, kLeast, kMost);
  ++count_;
  std::array<double, kWindow> recent = ratios_;
  const std::size_t filled = std::min(count_, kWindow);
  const auto median = recent.begin() + static_cast<std::ptrdiff_t>(filled / 2);
  std::nth_element(recent.begin(), median, recent.begin() + static_cast<std::ptrdiff_t>(filled));
  median_ = *median;
  updated_ = now;
}

double SlowdownEstimator::At(TimePoint now) const {
  const double age = (now - updated_) / kFading;
  return age < kFresh ? median_ : 1.0 + (median_ - 1.0) * std::exp(kFresh - age);
}

}  // namespace delen::policy
