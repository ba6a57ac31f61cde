#include "apps/console/progress_bar.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/testing/manual_clock.h"

namespace delen::apps {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

// What `draw` leaves in the file it is given.
std::string Drawn(const std::function<void(std::FILE*)>& draw) {
  std::FILE* const file = std::tmpfile();
  draw(file);
  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}

TEST(ProgressLine, ShowsShareAndTimeLeft) {
  EXPECT_EQ(ProgressLine("work", 0, 8, std::nullopt), "work  [--------------------]   0 %");
  EXPECT_EQ(ProgressLine("work", 4, 8, 3.2_s), "work  [##########----------]  50 %  4 s left");
  EXPECT_EQ(ProgressLine("work", 2, 8, 150_s), "work  [#####---------------]  25 %  3 min left");
  EXPECT_EQ(ProgressLine("work", 9, 8, std::nullopt), "work  [####################] 100 %");
  EXPECT_EQ(ProgressLine("work", 0, 0, std::nullopt), "work  [####################] 100 %");
}

TEST(ProgressBar, DrawsOverItsLineAndTakesItAway) {
  const std::string drawn = Drawn([](std::FILE* out) {
    delen::testing::ManualClock clock;
    ProgressBar bar(out, true, clock);
    bar.Update(0, 4, "a");
    clock.Advance(50_ms);
    bar.Update(1, 4, "a");  // too soon to be drawn
    clock.Advance(1950_ms);
    bar.Update(2, 4, "a");
  });
  EXPECT_EQ(drawn,
            "\r\033[Ka  [--------------------]   0 %"
            "\r\033[Ka  [##########----------]  50 %  2 s left"
            "\r\033[K");
}

TEST(ProgressBar, EachLabelIsTimedAnew) {
  const std::string drawn = Drawn([](std::FILE* out) {
    delen::testing::ManualClock clock;
    ProgressBar bar(out, true, clock);
    bar.Update(0, 4, "a");
    clock.Advance(100_s);
    bar.Update(0, 4, "b");
    clock.Advance(2_s);
    bar.Update(2, 4, "b");
  });
  EXPECT_NE(drawn.find("b  [##########----------]  50 %  2 s left"), std::string::npos);
}

TEST(ProgressBar, InAFileEachLabelIsOneLine) {
  const std::string drawn = Drawn([](std::FILE* out) {
    delen::testing::ManualClock clock;
    ProgressBar bar(out, false, clock);
    bar.Update(0, 4, "a");
    bar.Update(2, 4, "a");
    bar.Update(0, 4, "b");
  });
  EXPECT_EQ(drawn, "a\nb\n");
}

}  // namespace
}  // namespace delen::apps
