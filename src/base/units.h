// Physical quantities as types, so that a latency cannot be passed where an
// energy is meant. Bare numbers appear only at the borders (JSON, metrics,
// command line), where the unit is part of the name.
#pragma once

#include <compare>
#include <limits>

namespace delen {

// A double with a unit. Same-unit arithmetic keeps the unit; the ratio of two
// quantities of one unit is a plain number.
template <class Unit>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double value) : value_(value) {}

  constexpr double value() const { return value_; }

  friend constexpr auto operator<=>(Quantity, Quantity) = default;

  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    return Quantity(a.value_ + b.value_);
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    return Quantity(a.value_ - b.value_);
  }
  friend constexpr Quantity operator*(Quantity a, double factor) {
    return Quantity(a.value_ * factor);
  }
  friend constexpr Quantity operator*(double factor, Quantity a) { return a * factor; }
  friend constexpr Quantity operator/(Quantity a, double divisor) {
    return Quantity(a.value_ / divisor);
  }
  friend constexpr double operator/(Quantity a, Quantity b) { return a.value_ / b.value_; }

  constexpr Quantity& operator+=(Quantity other) { return *this = *this + other; }
  constexpr Quantity& operator-=(Quantity other) { return *this = *this - other; }

 private:
  double value_ = 0.0;
};

using Seconds = Quantity<struct SecondsUnit>;
using Joules = Quantity<struct JoulesUnit>;
using Watts = Quantity<struct WattsUnit>;

constexpr Joules operator*(Watts power, Seconds time) {
  return Joules(power.value() * time.value());
}
constexpr Joules operator*(Seconds time, Watts power) { return power * time; }
constexpr Watts operator/(Joules energy, Seconds time) {
  return Watts(energy.value() / time.value());
}

constexpr Seconds FromMilliseconds(double ms) { return Seconds(ms * 1e-3); }
constexpr Joules FromMillijoules(double mj) { return Joules(mj * 1e-3); }
constexpr double InMilliseconds(Seconds time) { return time.value() * 1e3; }
constexpr double InMicroseconds(Seconds time) { return time.value() * 1e6; }
constexpr double InMillijoules(Joules energy) { return energy.value() * 1e3; }

// An instant on one clock's time line. Only differences have a meaning.
class TimePoint {
 public:
  constexpr TimePoint() = default;
  constexpr explicit TimePoint(Seconds since_origin) : since_origin_(since_origin) {}

  // Later than every instant: the deadline of a request without one.
  static constexpr TimePoint Never() {
    return TimePoint(Seconds(std::numeric_limits<double>::infinity()));
  }

  constexpr Seconds since_origin() const { return since_origin_; }

  friend constexpr auto operator<=>(TimePoint, TimePoint) = default;
  friend constexpr Seconds operator-(TimePoint a, TimePoint b) {
    return a.since_origin_ - b.since_origin_;
  }
  friend constexpr TimePoint operator+(TimePoint a, Seconds b) {
    return TimePoint(a.since_origin_ + b);
  }
  friend constexpr TimePoint operator-(TimePoint a, Seconds b) {
    return TimePoint(a.since_origin_ - b);
  }

 private:
  Seconds since_origin_;
};

// `5_ms`, `0.2_s`, `30_mJ`, `2_W`: for tests and tables of constants.
namespace literals {
constexpr Seconds operator""_s(long double v) { return Seconds(static_cast<double>(v)); }
constexpr Seconds operator""_s(unsigned long long v) { return Seconds(static_cast<double>(v)); }
constexpr Seconds operator""_ms(long double v) { return FromMilliseconds(static_cast<double>(v)); }
constexpr Seconds operator""_ms(unsigned long long v) {
  return FromMilliseconds(static_cast<double>(v));
}
constexpr Joules operator""_mJ(long double v) { return FromMillijoules(static_cast<double>(v)); }
constexpr Joules operator""_mJ(unsigned long long v) {
  return FromMillijoules(static_cast<double>(v));
}
constexpr Watts operator""_W(long double v) { return Watts(static_cast<double>(v)); }
constexpr Watts operator""_W(unsigned long long v) { return Watts(static_cast<double>(v)); }
}  // namespace literals

}  // namespace delen
