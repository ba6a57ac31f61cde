#include "metrics/process_usage.h"

#include <gtest/gtest.h>

namespace delen::metrics {
namespace {

constexpr std::string_view kProcess =
    "4242 (a ) b) S 1 4242 4242 0 -1 4194560 900 0 0 0 150 25 0 0 20 0 5 0 1000 "
    "250000000 2048 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0\n";
constexpr std::string_view kSystem =
    "cpu  1 2 3 4\nintr 17 0\nctxt 99\nbtime 1700000000\nprocesses 7\n";

TEST(ProcessUsageTest, ReadsWhatTheSystemTells) {
  const Result<ProcessUsage> usage = ParseProcessUsage(kProcess, kSystem, {100.0, 4096.0});
  ASSERT_TRUE(usage) << usage.error().message;
  EXPECT_DOUBLE_EQ(usage->resident_bytes, 2048 * 4096.0);
  EXPECT_DOUBLE_EQ(usage->cpu.value(), 1.75);
  EXPECT_DOUBLE_EQ(usage->start.value(), 1700000010.0);
}

TEST(ProcessUsageTest, RefusesWhatIsNoSuchText) {
  EXPECT_FALSE(ParseProcessUsage("", kSystem, {}));
  EXPECT_FALSE(ParseProcessUsage("4242 (a) S 1 2 3", kSystem, {}));
  EXPECT_FALSE(ParseProcessUsage(kProcess, "cpu 1 2 3 4\n", {}));
}

TEST(ProcessUsageTest, ThisProcessHasMemoryAndAStart) {
  const std::vector<prometheus::MetricFamily> families = ProcessFamilies();
  ASSERT_EQ(families.size(), 3U);
  EXPECT_EQ(families[0].name, "process_resident_memory_bytes");
  EXPECT_GT(families[0].metric[0].gauge.value, 1e5);
  EXPECT_EQ(families[1].type, prometheus::MetricType::Counter);
  EXPECT_GT(families[2].metric[0].gauge.value, 1.6e9);
}

}  // namespace
}  // namespace delen::metrics
