#include "workload/recording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace delen::workload {
namespace {

using Rows = std::vector<std::vector<double>>;

Result<Rows> Parse(std::string_view csv) {
  return ParseRecording(csv, "machine.csv", {{"seconds", AtLeast(0.0)}, {"slowdown", {0.01, 100}}});
}

std::string ErrorOf(std::string_view csv) {
  const Result<Rows> rows = Parse(csv);
  return rows ? "no error" : rows.error().message;
}

TEST(Recording, ReadsRowsWithOrWithoutAHeader) {
  const Rows expected = {{0.0, 1.0}, {1.5, 2.25}, {1.5, 3.0}};
  EXPECT_EQ(Parse("0,1\n1.5,2.25\n1.5,3\n").value(), expected);
  EXPECT_EQ(
      Parse("# a noisy neighbour\r\nseconds, slowdown\r\n\r\n0, 1\r\n15e-1, 2.25\r\n1.5,3").value(),
      expected);
}

TEST(Recording, ErrorsNameTheLine) {
  EXPECT_EQ(ErrorOf("seconds,slowdown\n0,1\n2,fast\n"),
            "machine.csv:3: slowdown is 'fast', expected a number from 0.01 to 100");
  EXPECT_EQ(ErrorOf("0,1\n\n-1,1\n"),
            "machine.csv:3: seconds is '-1', expected a number of at least 0");
  EXPECT_EQ(ErrorOf("0,1\n2,1\n1.5,1\n"),
            "machine.csv:3: seconds is 1.5, expected at least 2, as in the row before");
  EXPECT_EQ(ErrorOf("0,1\n2\n"), "machine.csv:2: 1 columns, expected 2 (seconds,slowdown)");
  EXPECT_EQ(ErrorOf("0,1,\n"), "machine.csv:1: 3 columns, expected 2 (seconds,slowdown)");
  EXPECT_EQ(ErrorOf("0,nan\n"),
            "machine.csv:1: slowdown is 'nan', expected a number from 0.01 to 100");
  EXPECT_EQ(ErrorOf("0,1\nseconds,slowdown\n"),
            "machine.csv:2: seconds is 'seconds', expected a number of at least 0");
  EXPECT_EQ(ErrorOf("seconds,slowdown\n"),
            "machine.csv: no rows, expected at least one of seconds,slowdown");
  EXPECT_EQ(ErrorOf(""), "machine.csv: no rows, expected at least one of seconds,slowdown");
}

}  // namespace
}  // namespace delen::workload
