#include "core/profile.h"

#include <gtest/gtest.h>

#include "core/testing/sample_model.h"

namespace delen::core {
namespace {

TEST(Profile, WorkAddsUpAlongTheExits) {
  EXPECT_EQ(CumulativeFlops(testing::SampleModel().profile),
            (std::vector<double>{100, 300, 600, 1000}));
}

TEST(Profile, AnExitNoBetterThanAnEarlierOneIsDominated) {
  Profile profile = testing::SampleModel().profile;
  EXPECT_EQ(DominatedExits(profile), (std::vector<bool>{false, false, false, true}));
  profile.quality->exits[1].accuracy = 0.6;  // equal is not better
  EXPECT_EQ(DominatedExits(profile), (std::vector<bool>{false, true, false, true}));
  profile.quality.reset();
  EXPECT_EQ(DominatedExits(profile), (std::vector<bool>{false, false, false, false}));
}

}  // namespace
}  // namespace delen::core
