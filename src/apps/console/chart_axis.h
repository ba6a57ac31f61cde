// One axis of a chart: where its values lie and which of them are labelled.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace delen::apps {

// The least and the greatest of some values.
struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void Include(double value);
  bool empty() const { return low > high; }
};

// Values from low() to high(), with ticks at 1, 2 or 5 times a power of ten.
class ChartAxis {
 public:
  // The axis is as long as `values` are: the x axis of most charts.
  static ChartAxis Exact(Extent values);
  // The axis begins and ends at a tick, and at 0 unless that would press all
  // values into less than half of it.
  static ChartAxis Rounded(Extent values);
  // Logarithmic, of positive values; begins and ends at a tick.
  static ChartAxis Logarithmic(Extent values);

  double low() const { return low_; }
  double high() const { return high_; }
  const std::vector<double>& ticks() const { return ticks_; }

  // 0 at low(), 1 at high().
  double Place(double value) const;
  // All ticks of one linear axis have the same number of decimals.
  std::string Label(double tick) const;

 private:
  ChartAxis(double low, double high) : low_(low), high_(high) {}
  void SetTicks(double step);

  double low_;
  double high_;
  bool logarithmic_ = false;
  int decimals_ = 0;
  std::vector<double> ticks_;
};

}  // namespace delen::apps
