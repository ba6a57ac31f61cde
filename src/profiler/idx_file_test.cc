#include "profiler/idx_file.h"

#include <gtest/gtest.h>

#include <string>

namespace delen::profiler {
namespace {

using namespace std::string_literals;  // NOLINT(google-build-using-namespace): ""s

TEST(IdxFile, ReadsTheShape) {
  const std::string bytes = "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02"s + "abcd";
  const IdxHeader header = ParseIdxHeader(bytes, "x").value();
  EXPECT_EQ(header.type, kIdxUint8);
  EXPECT_EQ(header.shape, (core::Shape{2, 1, 2}));
  EXPECT_EQ(header.data_begin, 16U);
}

TEST(IdxFile, ReadsLabelsOfBothWidths) {
  EXPECT_EQ(ParseIdxLabels("\0\0\x08\x01\0\0\0\x02\x07\xff"s, "x").value(),
            (std::vector<std::int32_t>{7, 255}));
  EXPECT_EQ(ParseIdxLabels("\0\0\x0c\x01\0\0\0\x02\0\0\x03\xe7\xff\xff\xff\xff"s, "x").value(),
            (std::vector<std::int32_t>{999, -1}));
}

TEST(IdxFile, RefusesWhatIsDamaged) {
  const struct {
    std::string bytes;
    std::string message;
  } cases[] = {
      {"", "'x' does not start like an IDX file: 00 00 08 and the number of axes"},
      {"P5 32 32", "'x' does not start like an IDX file: 00 00 08 and the number of axes"},
      {"\0\0\x0d\x01\0\0\0\0"s,
       "'x' holds IDX elements of type 0x0d, expected 0x08 (bytes) or, for labels, 0x0c (32-bit "
       "integers)"},
      {"\0\0\x08\x05"s, "'x' has an IDX header for 5 axes in 4 bytes, expected 1 to 4 axes"},
      {"\0\0\x08\x02\0\0\0\x01"s,
       "'x' has an IDX header for 2 axes in 8 bytes, expected 1 to 4 axes"},
      {"\0\0\x08\x01\0\0\0\x02\x07"s,
       "'x' has an IDX header for shape [2], but 1 bytes of elements follow"},
      {"\0\0\x0c\x01\0\0\0\x01\0\0\0\x02\xff"s,
       "'x' has an IDX header for shape [1], but 5 bytes of elements follow"},
      // 2^32-1 to the fourth does not fit into any counter.
      {"\0\0\x08\x04"s + std::string(16, '\xff'),
       "'x' has an IDX header for shape [4294967295,4294967295,4294967295,4294967295], but 0 bytes "
       "of elements follow"},
  };
  for (const auto& [bytes, message] : cases) {
    const auto parsed = ParseIdxHeader(bytes, "x");
    ASSERT_FALSE(parsed) << message;
    EXPECT_EQ(parsed.error().message, message);
  }
  EXPECT_EQ(ParseIdxLabels("\0\0\x08\x02\0\0\0\x01\0\0\0\x01\x05"s, "x").error().message,
            "'x' has shape [1,1], expected one axis: a label per sample");
}

}  // namespace
}  // namespace delen::profiler
