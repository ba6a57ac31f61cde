#include "policy/slowdown.h"

#include <algorithm>

namespace delen::policy {
namespace {
// Ratios outside say more about the clock or the profile than about the machine.
constexpr double kLeast = 0.25;
constexpr double kMost = 100.0;
}  // namespace

void SlowdownEstimator::Update(Seconds measured, Seconds profiled) {
  if (profiled <= Seconds(0.0)) return;
  ratios_[count_ % kWindow] = std::clamp(measured / profiled, kLeast, kMost);
  ++count_;
  std::array<double, kWindow> recent = ratios_;
  const std::size_t filled = std::min(count_, kWindow);
  const auto median = recent.begin() + static_cast<std::ptrdiff_t>(filled / 2);
  std::nth_element(recent.begin(), median, recent.begin() + static_cast<std::ptrdiff_t>(filled));
  value_ = *median;
}

}  // namespace delen::policy
