#include "frontend/oip/json_text.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <random>

namespace delen::frontend {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

template <class Number>
std::string Printed(Number value) {
  std::string out;
  AppendJsonNumber(out, value);
  return out;
}

TEST(JsonTextTest, EscapesWhatJsonReserves) {
  EXPECT_EQ(Quoted(""), R"("")");
  EXPECT_EQ(Quoted("plain"), R"("plain")");
  EXPECT_EQ(Quoted("a\"b\\c\nd\te\r"), R"("a\"b\\c\nd\te\r")");
  EXPECT_EQ(Quoted(std::string_view("\0\x1f", 2)), R"("\u0000\u001f")");
}

TEST(JsonTextTest, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(Quoted("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
            "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
  EXPECT_EQ(Quoted("a\xff"), R"("a\ufffd")");
  EXPECT_EQ(Quoted("\xc3"), R"("\ufffd")");                      // cut short
  EXPECT_EQ(Quoted("\xc0\xaf"), R"("\ufffd\ufffd")");            // overlong
  EXPECT_EQ(Quoted("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");  // surrogate
  EXPECT_EQ(Quoted("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");
}

TEST(JsonTextTest, PrintsTheShortestDigits) {
  EXPECT_EQ(Printed(0.1F), "0.1");
  EXPECT_EQ(Printed(1.0F), "1");
  EXPECT_EQ(Printed(-0.0F), "-0.0");
  EXPECT_EQ(Printed(1e-10F), "1e-10");
  EXPECT_EQ(Printed(0.1), "0.1");
  EXPECT_EQ(Printed(1.0 / 3.0), "0.3333333333333333");
  EXPECT_EQ(Printed(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(Printed(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(JsonTextTest, HasNoNumberForWhatIsNotFinite) {
  EXPECT_EQ(Printed(std::numeric_limits<float>::infinity()), "null");
  EXPECT_EQ(Printed(std::numeric_limits<float>::quiet_NaN()), "null");
  EXPECT_EQ(Printed(-std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonTextTest, EveryFloatReadsBackAsItself) {
  std::mt19937 random(1);
  for (int i = 0; i < 10000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random());
    float value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    const std::string text = Printed(value);
    if (text == "null") continue;
    EXPECT_EQ(std::strtof(text.c_str(), nullptr), value) << text;
  }
}

}  // namespace
}  // namespace delen::frontend
