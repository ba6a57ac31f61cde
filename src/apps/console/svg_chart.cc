#include "apps/console/svg_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>

#include "apps/console/chart_axis.h"

namespace delen::apps {
namespace {

// All lengths are in pixels of the picture at its own size.
constexpr double kWidth = 760.0;
constexpr double kPlotHeight = 300.0;
constexpr double kMargin = 24.0;
constexpr double kTitleBaseline = 34.0;
constexpr double kLegendTop = 46.0;
constexpr double kLegendLine = 22.0;
constexpr double kYLabelSpace = 34.0;
constexpr double kBelowPlot = 58.0;
constexpr double kSwatch = 22.0;
constexpr double kLegendGap = 22.0;
constexpr double kTickGap = 8.0;
// Lines with more points than this are drawn without a dot at each.
constexpr std::size_t kMaxDots = 40;

// Okabe and Ito's palette, without the yellow, which white swallows.
constexpr std::array<std::string_view, 7> kColours = {
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#4d4d4d",
};
constexpr std::string_view kInk = "#24292f";
constexpr std::string_view kSoftInk = "#57606a";
constexpr std::string_view kGrid = "#e6e8eb";
constexpr std::string_view kAxis = "#8c959f";

struct Place {
  double x;
  double y;
};

// `text` as the content of an element or of an attribute in quotes. Control
// characters, which no XML may hold, become spaces.
std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

// How wide a character of text 13 pixels high is in most fonts, or nearly.
double WidthOf(char c) {
  constexpr std::string_view kNarrow = "fijlrtI.,:;'|()[]/ -";
  constexpr std::string_view kWide = "mwMW%@";
  // All bytes but the first of a character beyond ASCII are 10xxxxxx.
  if ((static_cast<unsigned>(c) & 0xc0U) == 0x80U) return 0.0;
  if (kNarrow.find(c) != std::string_view::npos) return 4.6;
  if (kWide.find(c) != std::string_view::npos) return 11.0;
  return c >= 'A' && c <= 'Z' ? 8.8 : 7.4;
}

double Width(std::string_view text) {
  return std::accumulate(text.begin(), text.end(), 0.0,
                         [](double sum, char c) { return sum + WidthOf(c); });
}

// To a tenth of a pixel, without a trailing ".0".
std::string Px(double length) {
  std::string text = fmt::format("{:.1f}", length);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

std::string Text(Place at, std::string_view attributes, std::string_view text) {
  return fmt::format("<text x=\"{}\" y=\"{}\" {}>{}</text>\n", Px(at.x), Px(at.y), attributes,
                     Escape(text));
}

std::string Rule(Place from, Place to, std::string_view colour) {
  return fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\"/>\n", Px(from.x),
                     Px(from.y), Px(to.x), Px(to.y), colour);
}

bool IsDrawn(const LineChart& chart, const ChartPoint& point) {
  return std::isfinite(point.x) && point.y && std::isfinite(*point.y) &&
         (!chart.log_y || *point.y > 0.0);
}

// Draws one chart, back to front.
class Drawing {
 public:
  explicit Drawing(const LineChart& chart)
      : chart_(chart), x_(MakeX(chart)), y_(MakeY(chart)), legend_(PlaceLegend(chart)) {
    double widest = 0.0;
    for (const double tick : y_.ticks()) widest = std::max(widest, Width(y_.Label(tick)));
    left_ = kMargin + widest + kTickGap;
    right_ = kWidth - kMargin - kTickGap;
    top_ = (legend_.empty() ? kLegendTop : legend_.back().y + kLegendLine / 2) + kYLabelSpace;
    bottom_ = top_ + kPlotHeight;
  }

  std::string Draw() const {
    std::string svg = Head();
    svg += YAxis() + XAxis();
    // The first one, drawn last, lies on top.
    for (std::size_t i = chart_.series.size(); i > 0; --i) svg += Line(i - 1);
    for (std::size_t i = 0; i < chart_.series.size(); ++i) svg += LegendEntry(i);
    return svg + "</svg>\n";
  }

 private:
  static ChartAxis MakeX(const LineChart& chart) {
    Extent extent;
    for (const ChartSeries& series : chart.series) {
      for (const ChartPoint& point : series.points) {
        if (std::isfinite(point.x)) extent.Include(point.x);
      }
    }
    return ChartAxis::Exact(extent.empty() ? Extent{0.0, 1.0} : extent);
  }

  static ChartAxis MakeY(const LineChart& chart) {
    Extent extent;
    for (const ChartSeries& series : chart.series) {
      for (const ChartPoint& point : series.points) {
        if (IsDrawn(chart, point)) extent.Include(*point.y);
      }
    }
    if (chart.log_y) return ChartAxis::Logarithmic(extent);
    return ChartAxis::Rounded(extent);
  }

  // The left ends of the entries' middles, line by line.
  static std::vector<Place> PlaceLegend(const LineChart& chart) {
    std::vector<Place> places;
    Place next{kMargin, kLegendTop + kLegendLine / 2};
    for (const ChartSeries& series : chart.series) {
      const double width = kSwatch + kTickGap + Width(series.name);
      if (next.x > kMargin && next.x + width > kWidth - kMargin) {
        next = {kMargin, next.y + kLegendLine};
      }
      places.push_back(next);
      next.x += width + kLegendGap;
    }
    return places;
  }

  std::string Head() const {
    const double height = bottom_ + kBelowPlot;
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\"\n"
        "  viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"{2}\"\n"
        "  font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif\"\n"
        "  font-size=\"13\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\n",
        Px(kWidth), Px(height), Escape(chart_.title));
    svg += fmt::format("<rect width=\"{}\" height=\"{}\" fill=\"#ffffff\"/>\n", Px(kWidth),
                       Px(height));
    return svg + Text({kMargin, kTitleBaseline},
                      fmt::format("font-size=\"17\" font-weight=\"600\" fill=\"{}\"", kInk),
                      chart_.title);
  }

  std::string YAxis() const {
    std::string svg;
    for (const double tick : y_.ticks()) {
      const double y = YOf(tick);
      svg += Rule({left_, y}, {right_, y}, kGrid);
      svg += Text({left_ - kTickGap, y + 4.5}, SoftInk("end"), y_.Label(tick));
    }
    return svg + Text({kMargin, top_ - 14.0}, SoftInk("start"), chart_.y_label);
  }

  std::string XAxis() const {
    std::string svg = Rule({left_, bottom_}, {right_, bottom_}, kAxis);
    for (const double tick : x_.ticks()) {
      const double x = XOf(tick);
      svg += Rule({x, bottom_}, {x, bottom_ + 5.0}, kAxis);
      svg += Text({x, bottom_ + 20.0}, SoftInk("middle"), x_.Label(tick));
    }
    return svg + Text({(left_ + right_) / 2, bottom_ + 42.0}, SoftInk("middle"), chart_.x_label);
  }

  std::string Line(std::size_t index) const {
    std::string path;
    std::string dots;
    const std::vector<ChartPoint>& points = chart_.series[index].points;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (!IsDrawn(chart_, points[i])) continue;
      const Place at{XOf(points[i].x), YOf(*points[i].y)};
      const bool begins = i == 0 || !IsDrawn(chart_, points[i - 1]);
      const bool ends = i + 1 == points.size() || !IsDrawn(chart_, points[i + 1]);
      path += fmt::format("{}{} {}", begins ? "M" : "L", Px(at.x), Px(at.y));
      if (points.size() <= kMaxDots || (begins && ends)) dots += Dot(index, at);
    }
    if (path.empty()) return "";
    return fmt::format("<path d=\"{}\" fill=\"none\" {}/>\n", path, Stroke(index)) + dots;
  }

  std::string LegendEntry(std::size_t index) const {
    const Place at = legend_[index];
    std::string svg = fmt::format("<path d=\"M{0} {1}L{2} {1}\" fill=\"none\" {3}/>\n", Px(at.x),
                                  Px(at.y), Px(at.x + kSwatch), Stroke(index));
    svg += Dot(index, {at.x + kSwatch / 2, at.y});
    return svg + Text({at.x + kSwatch + kTickGap, at.y + 4.5}, fmt::format("fill=\"{}\"", kInk),
                      chart_.series[index].name);
  }

  static std::string_view Colour(std::size_t index) { return kColours[index % kColours.size()]; }

  static std::string Stroke(std::size_t index) {
    return fmt::format("stroke=\"{}\" stroke-width=\"2\"{}", Colour(index),
                       index < kColours.size() ? "" : " stroke-dasharray=\"6 4\"");
  }

  static std::string Dot(std::size_t index, Place at) {
    return fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"3.5\" fill=\"{}\" stroke=\"#ffffff\"/>\n",
                       Px(at.x), Px(at.y), Colour(index));
  }

  static std::string SoftInk(std::string_view anchor) {
    return fmt::format("text-anchor=\"{}\" fill=\"{}\"", anchor, kSoftInk);
  }

  double XOf(double value) const { return left_ + x_.Place(value) * (right_ - left_); }
  double YOf(double value) const { return bottom_ - y_.Place(value) * (bottom_ - top_); }

  const LineChart& chart_;
  ChartAxis x_;
  ChartAxis y_;
  std::vector<Place> legend_;
  double left_ = 0.0;
  double right_ = 0.0;
  double top_ = 0.0;
  double bottom_ = 0.0;
};

}  // namespace

std::string SvgText(const LineChart& chart) { return Drawing(chart).Draw(); }

}  // namespace delen::apps
