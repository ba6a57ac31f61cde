#include "apps/console/chart_axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delen::apps {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Labels(const ChartAxis& axis) {
  std::vector<std::string> labels;
  for (const double tick : axis.ticks()) labels.push_back(axis.Label(tick));
  return labels;
}

TEST(ChartAxis, ExactAxesEndWhereTheValuesDo) {
  const ChartAxis axis = ChartAxis::Exact({12.0, 305.0});
  EXPECT_EQ(axis.low(), 12.0);
  EXPECT_EQ(axis.high(), 305.0);
  EXPECT_THAT(Labels(axis), ElementsAre("50", "100", "150", "200", "250", "300"));
}

TEST(ChartAxis, RoundedAxesEndAtTicks) {
  EXPECT_THAT(Labels(ChartAxis::Rounded({1.0, 48.0})),
              ElementsAre("0", "10", "20", "30", "40", "50"));
  EXPECT_THAT(Labels(ChartAxis::Rounded({0.761, 0.812})),
              ElementsAre("0.76", "0.77", "0.78", "0.79", "0.80", "0.81", "0.82"));
  EXPECT_THAT(Labels(ChartAxis::Rounded({0.0, 0.3})),
              ElementsAre("0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"));
  EXPECT_THAT(Labels(ChartAxis::Rounded({-3.0, 3.0})),
              ElementsAre("-3", "-2", "-1", "0", "1", "2", "3"));
}

TEST(ChartAxis, LogarithmicAxesHaveRoundTicks) {
  EXPECT_THAT(Labels(ChartAxis::Logarithmic({0.3, 42.0})),
              ElementsAre("0.2", "0.5", "1", "2", "5", "10", "20", "50"));
  EXPECT_THAT(Labels(ChartAxis::Logarithmic({1e-3, 1e3})),
              ElementsAre("0.001", "0.01", "0.1", "1", "10", "100", "1000"));
}

TEST(ChartAxis, PlacesRunFromZeroToOne) {
  EXPECT_DOUBLE_EQ(ChartAxis::Exact({10.0, 30.0}).Place(15.0), 0.25);
  EXPECT_DOUBLE_EQ(ChartAxis::Logarithmic({1.0, 100.0}).Place(10.0), 0.5);
}

TEST(ChartAxis, OneValueOrNoneHasAnAxisToo) {
  EXPECT_EQ(ChartAxis::Exact({}).high(), 1.0);
  EXPECT_LT(ChartAxis::Exact({7.0, 7.0}).low(), 7.0);
  EXPECT_LT(ChartAxis::Exact({1e15, 1e15 + 0.125}).ticks().size(), 12U);
  EXPECT_GT(ChartAxis::Rounded({0.0, 0.0}).high(), 0.0);
  EXPECT_LT(ChartAxis::Logarithmic({5.0, 5.0}).low(), ChartAxis::Logarithmic({5.0, 5.0}).high());
  EXPECT_EQ(ChartAxis::Logarithmic({}).high(), 10.0);
}

TEST(ChartAxis, HugeAndTinyValuesHaveShortLabels) {
  EXPECT_THAT(Labels(ChartAxis::Rounded({0.0, 3e9})),
              ElementsAre("0", "5e+08", "1e+09", "1.5e+09", "2e+09", "2.5e+09", "3e+09"));
  EXPECT_THAT(Labels(ChartAxis::Rounded({0.0, 2e-4})),
              ElementsAre("0.00000", "0.00005", "0.00010", "0.00015", "0.00020"));
}

}  // namespace
}  // namespace delen::apps
