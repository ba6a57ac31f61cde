#include "profiler/floor_points.h"

#include <gtest/gtest.h>

namespace delen::profiler {
namespace {

// Four samples, exits at 100, 300 and 600 FLOPs, right on 2, 3 and 4 of them.
// Exit 0 is sure of the two it gets right.
const Judgements kThreeExits = {
    {{0.9, true}, {0.8, true}, {0.4, false}, {0.3, false}},
    {{0.9, true}, {0.9, true}, {0.7, true}, {0.5, false}},
    {{1.0, true}, {1.0, true}, {0.9, true}, {0.8, true}},
};
const std::vector<double> kFlops = {100, 300, 600};
const std::vector<std::size_t> kEachForItself = {0, 1, 2};

TEST(SimulateFloor, LeavesAtTheFirstExitThatIsSure) {
  // Two samples leave at exit 0, one at exit 1, one goes to the end.
  const core::FloorPoint point = SimulateFloor(kThreeExits, kEachForItself, kFlops, 2, 0.7);
  EXPECT_EQ(point, (core::FloorPoint{2, 0.7, 1.0, (100 + 100 + 300 + 600) / 4.0}));
}

TEST(SimulateFloor, LeavesAtTheLastExitRegardless) {
  const core::FloorPoint point = SimulateFloor(kThreeExits, kEachForItself, kFlops, 1, 0.7);
  EXPECT_EQ(point, (core::FloorPoint{1, 0.7, 0.75, (100 + 100 + 300 + 300) / 4.0}));
  EXPECT_EQ(SimulateFloor(kThreeExits, kEachForItself, kFlops, 0, 2.0),
            (core::FloorPoint{0, 2.0, 0.5, 100}));
}

TEST(SimulateFloor, AWorseExitHandsOutTheAnswerOfABetterOneBeforeIt) {
  EXPECT_EQ(AnsweringExits(std::vector<double>{0.5, 0.4, 0.5, 0.6}),
            (std::vector<std::size_t>{0, 0, 0, 3}));
  // All end at exit 1, whose own answers are right on three; exit 0's go out.
  const std::vector<std::size_t> first = {0, 0, 2};
  EXPECT_EQ(SimulateFloor(kThreeExits, first, kFlops, 1, 2.0),
            (core::FloorPoint{1, 2.0, 0.5, 300}));
}

TEST(MakeFloorPoints, KeepsOnlyWhatIsNotBeaten) {
  const std::vector<core::FloorPoint> points = MakeFloorPoints(kThreeExits, kFlops);
  // Exit 0 alone; exit 1 for the unsure; then as far as needed.
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].accuracy, 0.5);
  EXPECT_EQ(points[0].flops, 100);
  EXPECT_EQ(points[1].accuracy, 0.75);
  EXPECT_EQ(points[1].flops, 200);
  EXPECT_EQ(points[2].accuracy, 1.0);
  EXPECT_EQ(points[2].flops, 275);
  EXPECT_EQ(points[2].last_exit, 2);
}

TEST(MakeFloorPoints, ADominatedExitIsNeverTheLast) {
  Judgements judgements = kThreeExits;
  judgements[2] = {{1.0, true}, {1.0, true}, {0.9, true}, {0.8, false}};
  for (const core::FloorPoint& point : MakeFloorPoints(judgements, kFlops)) {
    EXPECT_LT(point.last_exit, 2);
  }
}

TEST(MakeFloorPoints, OneExitHasOnePoint) {
  EXPECT_EQ(MakeFloorPoints({kThreeExits[0]}, std::vector<double>{100}),
            (std::vector<core::FloorPoint>{{0, 2.0, 0.5, 100}}));
}

TEST(MakeFloorPoints, AreFewHoweverManyTheExits) {
  // Sample s is known from exit s / 8 on, with a confidence of its own.
  Judgements judgements(32);
  std::vector<double> flops;
  for (std::size_t exit = 0; exit < judgements.size(); ++exit) {
    flops.push_back(100.0 * static_cast<double>(exit + 1));
    for (std::size_t sample = 0; sample < 256; ++sample) {
      const bool known = sample / 8 <= exit;
      const double unsure = static_cast<double>(sample) / 1024;
      judgements[exit].push_back({known ? 1.0 - unsure : unsure, known});
    }
  }
  const std::vector<core::FloorPoint> points = MakeFloorPoints(judgements, flops);
  EXPECT_LE(points.size(), kMaxFloorPoints);
  EXPECT_GT(points.size(), 32U);
  EXPECT_EQ(points.front().flops, 100);
  EXPECT_EQ(points.back().accuracy, 1.0);
  for (std::size_t i = 1; i < points.size(); ++i) {
    EXPECT_GT(points[i].flops, points[i - 1].flops);
    EXPECT_GT(points[i].accuracy, points[i - 1].accuracy);
  }
}

TEST(ParetoFront, OfEqualsTheFirstStays) {
  EXPECT_EQ(ParetoFront({{1, 2.0, 0.5, 100}, {0, 2.0, 0.5, 100}, {0, 0.9, 0.4, 200}}),
            (std::vector<core::FloorPoint>{{1, 2.0, 0.5, 100}}));
}

}  // namespace
}  // namespace delen::profiler
