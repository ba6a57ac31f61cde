#include "apps/console/table.h"

#include <gtest/gtest.h>

namespace delen::apps {
namespace {

TEST(Table, AlignsNumbersToTheRightAndWordsToTheLeft) {
  Table table({"exit", "accuracy", "note"});
  table.AddRow({"exit_0", "60.9 %", "quick"});
  table.AddRow({"exit_12", "100.0 %", ""});
  EXPECT_EQ(table.Text(),
            "exit     accuracy  note\n"
            "exit_0     60.9 %  quick\n"
            "exit_12   100.0 %\n");
}

TEST(Table, ADashStandsForAMissingNumber) {
  Table table({"ms", "x"});
  table.AddRow({"-", "a"});
  table.AddRow({"-1.25", "b"});
  EXPECT_EQ(table.Text(),
            "   ms  x\n"
            "    -  a\n"
            "-1.25  b\n");
}

TEST(Table, CountsCharactersNotBytes) {
  Table table({"unit", "v"});
  table.AddRow({"\u00b5s", "<1"});
  table.AddRow({"half", "20"});
  EXPECT_EQ(table.Text(),
            "unit   v\n"
            "\u00b5s    <1\n"
            "half  20\n");
}

TEST(Table, ShortRowsAreFine) {
  Table table({"a", "b"});
  table.AddRow({"x"});
  EXPECT_EQ(table.Text(), "a  b\nx\n");
}

}  // namespace
}  // namespace delen::apps
