#include "metrics/tenant_model_table.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace delen::metrics {
namespace {

struct Entry {
  std::string names;
  int count = 0;
};

Entry MakeEntry(std::string_view tenant, std::string_view model) {
  return {fmt::format("{}/{}", tenant, model)};
}

bool IsAny(std::string_view) { return true; }
bool IsRobot(std::string_view tenant) { return tenant == "robot" || tenant == "default"; }
bool IsGlyphs(std::string_view model) { return model == "glyphs"; }

TEST(TenantModelTableTest, FindsAnEntryAgain) {
  TenantModelTable<Entry> table({IsRobot, IsGlyphs}, MakeEntry);
  Entry& robot = table.At("robot", "glyphs");
  EXPECT_EQ(robot.names, "robot/glyphs");
  EXPECT_EQ(&table.At("robot", "glyphs"), &robot);
  EXPECT_EQ(table.At("", "glyphs").names, "default/glyphs");
  EXPECT_EQ(table.size(), 2U);
}

TEST(TenantModelTableTest, UnknownNamesShareAnEntry) {
  TenantModelTable<Entry> table({IsRobot, IsGlyphs}, MakeEntry);
  EXPECT_EQ(table.At("robot", "nobody").names, "robot/other");
  EXPECT_EQ(table.At("nobody", "glyphs").names, "other/glyphs");
  EXPECT_EQ(table.At("nobody", "nobody").names, "other/other");
  for (int i = 0; i < 10000; ++i) ++table.At(fmt::format("tenant_{}", i), "glyphs").count;
  EXPECT_EQ(table.At("somebody", "glyphs").count, 10000);
  EXPECT_EQ(table.size(), 3U);
}

TEST(TenantModelTableTest, KnownNamesBeyondTheMostShareAnEntry) {
  TenantModelTable<Entry> table({IsAny, IsAny}, MakeEntry);
  Entry& first = table.At("tenant_0", "glyphs");
  for (int i = 0; i < 10000; ++i) ++table.At(fmt::format("tenant_{}", i), "glyphs").count;
  EXPECT_EQ(table.size(), 257U);
  EXPECT_EQ(&table.At("tenant_0", "glyphs"), &first);
  EXPECT_EQ(table.At("tenant_300", "glyphs").names, "other/other");
  EXPECT_EQ(table.At("tenant_300", "glyphs").count, 10000 - 256);
}

}  // namespace
}  // namespace delen::metrics
