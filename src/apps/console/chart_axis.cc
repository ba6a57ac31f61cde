#include "apps/console/chart_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/document/decimal.h"

namespace delen::apps {
namespace {

constexpr double kMaxSteps = 7.0;
constexpr double kTolerance = 1e-9;  // of a step, for values at a tick but for rounding
constexpr int kMaxDecimals = 9;
// Beyond, a label is written with an exponent.
constexpr double kLargestPlain = 1e7;

constexpr std::array kMantissas = {1.0, 2.0, 5.0};

// The least of 1, 2, 5, 10, 20, ... times a power of ten that is at least `value`.
double RoundUp(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double mantissa : kMantissas) {
    if (mantissa * power >= value * (1.0 - kTolerance)) return mantissa * power;
  }
  return 10.0 * power;
}

double RoundDown(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value) + kTolerance));
  double rounded = power;
  for (const double mantissa : kMantissas) {
    if (mantissa * power <= value * (1.0 + kTolerance)) rounded = mantissa * power;
  }
  return rounded;
}

double StepFor(Extent extent) { return RoundUp((extent.high - extent.low) / kMaxSteps); }

// Something to draw an axis for, whatever there was.
Extent Widened(Extent extent) {
  if (extent.empty()) return {0.0, 1.0};
  const double size = std::max(std::abs(extent.low), std::abs(extent.high));
  if (extent.high - extent.low > size * kTolerance) return extent;
  const double margin = size == 0.0 ? 1.0 : size * 0.5;
  return {extent.low - margin, extent.high + margin};
}

Extent WithZero(Extent extent) {
  const double length = extent.high - extent.low;
  if (extent.low > 0.0 && length >= extent.low) extent.low = 0.0;
  if (extent.high < 0.0 && length >= -extent.high) extent.high = 0.0;
  return extent;
}

}  // namespace

void Extent::Include(double value) {
  low = std::min(low, value);
  high = std::max(high, value);
}

ChartAxis ChartAxis::Exact(Extent values) {
  values = Widened(values);
  ChartAxis axis(values.low, values.high);
  axis.SetTicks(StepFor(values));
  return axis;
}

ChartAxis ChartAxis::Rounded(Extent values) {
  values = WithZero(Widened(values));
  const double step = StepFor(values);
  ChartAxis axis(std::floor(values.low / step + kTolerance) * step,
                 std::ceil(values.high / step - kTolerance) * step);
  axis.SetTicks(step);
  return axis;
}

ChartAxis ChartAxis::Logarithmic(Extent values) {
  if (values.empty()) values = {1.0, 10.0};
  ChartAxis axis(RoundDown(values.low), RoundUp(values.high));
  if (axis.low_ >= axis.high_) axis.high_ = RoundUp(axis.low_ * 1.5);
  axis.logarithmic_ = true;
  const bool few_decades = axis.high_ / axis.low_ <= 1000.0;
  for (double tick = axis.low_; tick <= axis.high_ * (1.0 + kTolerance);
       tick = RoundUp(tick * 1.5)) {
    const double exponent = std::log10(tick);
    const bool decade = std::abs(exponent - std::round(exponent)) < kTolerance;
    if (few_decades || decade) axis.ticks_.push_back(tick);
  }
  return axis;
}

void ChartAxis::SetTicks(double step) {
  decimals_ =
      std::clamp(static_cast<int>(-std::floor(std::log10(step) + kTolerance)), 0, kMaxDecimals);
  const double first = std::ceil(low_ / step - kTolerance);
  const double last = std::floor(high_ / step + kTolerance);
  for (double i = first; i <= last; ++i) ticks_.push_back(i * step + 0.0);  // never -0
}

double ChartAxis::Place(double value) const {
  if (logarithmic_) return std::log(value / low_) / std::log(high_ / low_);
  return (value - low_) / (high_ - low_);
}

std::string ChartAxis::Label(double tick) const {
  constexpr int kDigits = 12;  // fewer than a double has, so that 0.30000000000000004 is 0.3
  if (logarithmic_) return Decimal(std::stod(fmt::format("{:.{}g}", tick, kDigits)));
  const double size = std::max(std::abs(low_), std::abs(high_));
  if (size >= kLargestPlain) return fmt::format("{:.3g}", tick);
  return fmt::format("{:.{}f}", tick, decimals_);
}

}  // namespace delen::apps
