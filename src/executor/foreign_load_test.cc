#include "executor/foreign_load.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace delen::executor {
namespace {

namespace fs = std::filesystem;

class ForeignLoadTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(root_ / "self"); }
  void TearDown() override { fs::remove_all(root_); }

  // Hundredths of a second, as on all machines that we know.
  void Write(int user, int idle, int steal, int own) {
    std::ofstream(root_ / "stat") << "cpu  " << user << " 0 0 " << idle << " 0 0 0 " << steal
                                  << " 0 0\ncpu0 1 2 3\n";
    std::ofstream(root_ / "self/stat")
        << "42 (a (strange) name) S 1 1 1 0 -1 4194304 1 0 0 0 " << own << " 0 0 0 20 0 1\n";
  }

  const fs::path root_ = fs::path(::testing::TempDir()) / ("foreign_" + std::to_string(getpid()));
  ForeignLoad load_{root_};
};

TEST_F(ForeignLoadTest, IsWhatTheOthersDid) {
  Write(100, 0, 0, 50);
  EXPECT_EQ(load_.Read(TimePoint(Seconds(1.0))).value(), 0.0);
  Write(180, 20, 10, 90);  // 90 in all, 40 of them our own
  EXPECT_NEAR(load_.Read(TimePoint(Seconds(1.5))).value(), 1.0, 1e-9);
  Write(180, 120, 10, 90);
  EXPECT_EQ(load_.Read(TimePoint(Seconds(2.0))).value(), 0.0);
}

TEST_F(ForeignLoadTest, SaysWhatCannotBeRead) {
  const Result<double> load = load_.Read(TimePoint());
  ASSERT_FALSE(load);
  EXPECT_EQ(load.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(load.error().message.find("stat' does not begin with"), std::string::npos);
}

TEST_F(ForeignLoadTest, ThisMachineHasAccounts) {
  EXPECT_TRUE(ForeignLoad().Read(TimePoint(Seconds(1.0))));
}

}  // namespace
}  // namespace delen::executor
