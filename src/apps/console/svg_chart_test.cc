#include "apps/console/svg_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string_view>

namespace delen::apps {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Whether `svg` is elements that open and close in order, as our SVG is: no
// comments, no '<' or '>' within attributes.
bool IsWellFormed(std::string_view svg) {
  std::vector<std::string_view> open;
  for (std::size_t at = svg.find('<'); at != std::string_view::npos; at = svg.find('<', at + 1)) {
    const std::size_t end = svg.find('>', at);
    if (end == std::string_view::npos) return false;
    const std::string_view tag = svg.substr(at + 1, end - at - 1);
    if (tag.ends_with('/')) continue;
    const std::string_view name = tag.substr(tag.starts_with('/') ? 1 : 0);
    if (!tag.starts_with('/')) {
      open.push_back(name.substr(0, name.find(' ')));
    } else if (open.empty() || open.back() != name) {
      return false;
    } else {
      open.pop_back();
    }
  }
  return open.empty();
}

int Count(std::string_view text, std::string_view part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

LineChart Small() {
  return {.title = "Latency",
          .x_label = "rate (1/s)",
          .y_label = "p99 (ms)",
          .series = {{"delen", {{0.0, 1.0}, {10.0, 2.0}}}}};
}

constexpr std::string_view kSmall =
    R"(<svg xmlns="http://www.w3.org/2000/svg" width="760" height="460"
  viewBox="0 0 760 460" role="img" aria-label="Latency"
  font-family="system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif"
  font-size="13" stroke-linejoin="round" stroke-linecap="round">
<rect width="760" height="460" fill="#ffffff"/>
<text x="24" y="34" font-size="17" font-weight="600" fill="#24292f">Latency</text>
<line x1="51.4" y1="402" x2="728" y2="402" stroke="#e6e8eb"/>
<text x="43.4" y="406.5" text-anchor="end" fill="#57606a">0.0</text>
<line x1="51.4" y1="327" x2="728" y2="327" stroke="#e6e8eb"/>
<text x="43.4" y="331.5" text-anchor="end" fill="#57606a">0.5</text>
<line x1="51.4" y1="252" x2="728" y2="252" stroke="#e6e8eb"/>
<text x="43.4" y="256.5" text-anchor="end" fill="#57606a">1.0</text>
<line x1="51.4" y1="177" x2="728" y2="177" stroke="#e6e8eb"/>
<text x="43.4" y="181.5" text-anchor="end" fill="#57606a">1.5</text>
<line x1="51.4" y1="102" x2="728" y2="102" stroke="#e6e8eb"/>
<text x="43.4" y="106.5" text-anchor="end" fill="#57606a">2.0</text>
<text x="24" y="88" text-anchor="start" fill="#57606a">p99 (ms)</text>
<line x1="51.4" y1="402" x2="728" y2="402" stroke="#8c959f"/>
<line x1="51.4" y1="402" x2="51.4" y2="407" stroke="#8c959f"/>
<text x="51.4" y="422" text-anchor="middle" fill="#57606a">0</text>
<line x1="186.7" y1="402" x2="186.7" y2="407" stroke="#8c959f"/>
<text x="186.7" y="422" text-anchor="middle" fill="#57606a">2</text>
<line x1="322" y1="402" x2="322" y2="407" stroke="#8c959f"/>
<text x="322" y="422" text-anchor="middle" fill="#57606a">4</text>
<line x1="457.4" y1="402" x2="457.4" y2="407" stroke="#8c959f"/>
<text x="457.4" y="422" text-anchor="middle" fill="#57606a">6</text>
<line x1="592.7" y1="402" x2="592.7" y2="407" stroke="#8c959f"/>
<text x="592.7" y="422" text-anchor="middle" fill="#57606a">8</text>
<line x1="728" y1="402" x2="728" y2="407" stroke="#8c959f"/>
<text x="728" y="422" text-anchor="middle" fill="#57606a">10</text>
<text x="389.7" y="444" text-anchor="middle" fill="#57606a">rate (1/s)</text>
<path d="M51.4 252L728 102" fill="none" stroke="#0072b2" stroke-width="2"/>
<circle cx="51.4" cy="252" r="3.5" fill="#0072b2" stroke="#ffffff"/>
<circle cx="728" cy="102" r="3.5" fill="#0072b2" stroke="#ffffff"/>
<path d="M24 57L46 57" fill="none" stroke="#0072b2" stroke-width="2"/>
<circle cx="35" cy="57" r="3.5" fill="#0072b2" stroke="#ffffff"/>
<text x="54" y="61.5" fill="#24292f">delen</text>
</svg>
)";

TEST(SvgChart, DrawsASmallChart) { EXPECT_EQ(SvgText(Small()), kSmall); }

TEST(SvgChart, EscapesTexts) {
  LineChart chart = Small();
  chart.title = "a < b & \"c\" > d";
  chart.series[0].name = "<script>\n";
  const std::string svg = SvgText(chart);
  EXPECT_TRUE(IsWellFormed(svg)) << svg;
  EXPECT_THAT(svg, HasSubstr(">a &lt; b &amp; &quot;c&quot; &gt; d</text>"));
  EXPECT_THAT(svg, HasSubstr(">&lt;script&gt; </text>"));
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
}

TEST(SvgChart, GapsBreakTheLine) {
  LineChart chart = Small();
  chart.series[0].points = {{0, 1.0},
                            {1, 2.0},
                            {2, std::nullopt},
                            {3, 2.0},
                            {4, std::nan("")},
                            {5, 1.0},
                            {6, std::numeric_limits<double>::infinity()}};
  const std::string svg = SvgText(chart);
  EXPECT_TRUE(IsWellFormed(svg));
  EXPECT_EQ(Count(svg, "<circle"), 4 + 1);  // and one in the legend
  EXPECT_EQ(Count(svg, "M"), 3 + 1);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(SvgChart, ALogarithmicAxisLeavesOutWhatIsNotPositive) {
  LineChart chart = Small();
  chart.log_y = true;
  chart.series[0].points = {{0, 0.0}, {1, 1.0}, {2, 1000.0}, {3, -1.0}};
  const std::string svg = SvgText(chart);
  EXPECT_EQ(Count(svg, "<circle"), 2 + 1);
  EXPECT_THAT(svg, HasSubstr(">1000</text>"));
}

TEST(SvgChart, LongLinesHaveNoDots) {
  LineChart chart = Small();
  chart.series[0].points.clear();
  for (int i = 0; i < 100; ++i) chart.series[0].points.push_back({i / 10.0, std::sqrt(i)});
  EXPECT_EQ(Count(SvgText(chart), "<circle"), 1);
}

TEST(SvgChart, ManySeriesAreToldApartAndWrapped) {
  LineChart chart = Small();
  for (int i = 0; i < 8; ++i) {
    chart.series.push_back({"a policy with a long name", {{0.0, i + 1.0}, {1.0, i + 2.0}}});
  }
  const std::string svg = SvgText(chart);
  EXPECT_TRUE(IsWellFormed(svg));
  EXPECT_EQ(Count(svg, "#0072b2"), 10);  // two lines, each with two dots and a legend of two parts
  EXPECT_EQ(Count(svg, "stroke-dasharray"), 4);
  EXPECT_GT(Count(svg, "<text x=\"54\""), 1);  // more than one line of legend
}

TEST(SvgChart, AnEmptyChartHasAxes) {
  const std::string svg = SvgText(LineChart());
  EXPECT_TRUE(IsWellFormed(svg));
  EXPECT_THAT(svg, HasSubstr(">0.2</text>"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace delen::apps
