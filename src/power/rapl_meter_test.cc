#include "power/rapl_meter.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "power/open_meter.h"

namespace delen::power {
namespace {
namespace fs = std::filesystem;

// A made-up /sys/class/powercap.
class RaplMeterTest : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(powercap_); }
  void TearDown() override { fs::remove_all(powercap_); }

  void Write(const std::string& zone, const std::string& attribute, const std::string& text) {
    fs::create_directories(powercap_ / zone);
    std::ofstream(powercap_ / zone / attribute) << text << '\n';
  }
  void AddZone(const std::string& zone, const std::string& name, const std::string& microjoules) {
    Write(zone, "name", name);
    Write(zone, "max_energy_range_uj", "10000000");
    SetCounter(zone, microjoules);
  }
  void SetCounter(const std::string& zone, const std::string& microjoules) {
    Write(zone, "energy_uj", microjoules);
  }

  const fs::path powercap_ =
      fs::path(testing::TempDir()) /
      (std::string("powercap_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(RaplMeterTest, SumsThePackagesSinceItWasOpened) {
  AddZone("intel-rapl:0", "package-0", "5000000");
  AddZone("intel-rapl:1", "package-1", "7000000");
  auto meter = RaplMeter::Open(powercap_).value();
  EXPECT_EQ(meter->source(), EnergySource::kRapl);
  EXPECT_EQ(meter->Read().value(), Joules(0.0));
  SetCounter("intel-rapl:0", "5500000");
  SetCounter("intel-rapl:1", "9000000");
  EXPECT_DOUBLE_EQ(meter->Read().value().value(), 2.5);
}

TEST_F(RaplMeterTest, CountsNothingTwice) {
  AddZone("intel-rapl:0", "package-0", "0");
  AddZone("intel-rapl:0:0", "core", "0");
  AddZone("intel-rapl:1", "psys", "0");
  AddZone("intel-rapl-mmio:0", "package-0", "0");
  auto meter = RaplMeter::Open(powercap_).value();
  for (const char* zone : {"intel-rapl:0", "intel-rapl:0:0", "intel-rapl:1", "intel-rapl-mmio:0"}) {
    SetCounter(zone, "1000000");
  }
  EXPECT_DOUBLE_EQ(meter->Read().value().value(), 1.0);
}

TEST_F(RaplMeterTest, SeesTheCounterWrapAround) {
  AddZone("intel-rapl:0", "package-0", "9000000");
  auto meter = RaplMeter::Open(powercap_).value();
  SetCounter("intel-rapl:0", "500000");
  EXPECT_DOUBLE_EQ(meter->Read().value().value(), 1.5);
  SetCounter("intel-rapl:0", "600000");
  EXPECT_DOUBLE_EQ(meter->Read().value().value(), 1.6);
}

TEST_F(RaplMeterTest, SaysThatThereIsNone) {
  const auto absent = RaplMeter::Open(powercap_);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(absent.error().message,
            "no processor package shows its energy below '" + powercap_.string() + "'");
  EXPECT_EQ(OpenMeter(powercap_).error().message, absent.error().message);
}

TEST_F(RaplMeterTest, SaysWhichCounterCannotBeRead) {
  AddZone("intel-rapl:0", "package-0", "12 apples");
  const auto damaged = RaplMeter::Open(powercap_);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(damaged.error().message.find("holds '12 apples', expected a number"),
            std::string::npos);

  // A folder in its place stands for a counter that may not be read: root, who
  // may run this test, can read any file.
  fs::remove(powercap_ / "intel-rapl:0" / "energy_uj");
  fs::create_directory(powercap_ / "intel-rapl:0" / "energy_uj");
  const auto unreadable = RaplMeter::Open(powercap_);
  ASSERT_FALSE(unreadable);
  EXPECT_EQ(unreadable.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(unreadable.error().message.find("energy_uj': "), std::string::npos);
}

TEST_F(RaplMeterTest, ACounterThatVanishesIsAnError) {
  AddZone("intel-rapl:0", "package-0", "0");
  auto meter = OpenMeter(powercap_).value();
  fs::remove_all(powercap_);
  EXPECT_EQ(meter->Read().error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace delen::power
