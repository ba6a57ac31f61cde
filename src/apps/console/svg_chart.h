// A line chart as a picture, for results that go into a page.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace delen::apps {

struct ChartPoint {
  double x = 0.0;
  std::optional<double> y;  // absent: a gap in the line
};

struct ChartSeries {
  std::string name;
  std::vector<ChartPoint> points;  // in the order that the line joins them
};

// Texts are plain UTF-8; an axis' label ends with its unit: "p99 latency (ms)".
struct LineChart {
  std::string title;
  std::string x_label;
  std::string y_label;
  bool log_y = false;               // values that are not positive are then gaps
  std::vector<ChartSeries> series;  // the first lies on top
};

// A stand-alone SVG document. Seven series have colours that colour-blind people
// can tell apart; further ones are the same, dashed. Values that are not finite
// are gaps; a chart without a value has empty axes from 0 to 1.
std::string SvgText(const LineChart& chart);

}  // namespace delen::apps
