#include "apps/console/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace delen::apps {
namespace {

constexpr std::size_t kBarWidth = 20;
constexpr Seconds kBetweenDrawings = FromMilliseconds(100);
// Before this the time left is guesswork.
constexpr Seconds kBeforeGuessing{1.0};
constexpr const char* kEraseLine = "\r\033[K";

std::string InWords(Seconds left) {
  const double seconds = std::ceil(left.value());
  if (seconds < 100) return fmt::format("{:.0f} s left", seconds);
  return fmt::format("{:.0f} min left", std::ceil(seconds / 60));
}

}  // namespace

std::string ProgressLine(std::string_view label, std::size_t done, std::size_t total,
                         std::optional<Seconds> left) {
  done = std::min(done, total);
  const std::size_t percent = total == 0 ? 100 : done * 100 / total;
  const std::string full(percent * kBarWidth / 100, '#');
  std::string line = fmt::format("{}  [{:-<{}}] {:3} %", label, full, kBarWidth, percent);
  if (left) line += "  " + InWords(*left);
  return line;
}

ProgressBar::ProgressBar(const Clock& clock)
    : ProgressBar(stderr, isatty(STDERR_FILENO) != 0, clock) {}

void ProgressBar::Update(std::size_t done, std::size_t total, std::string_view label) {
  const TimePoint now = clock_.Now();
  const bool begins = label != label_;
  if (begins) {
    label_ = label;
    begun_ = now;
    if (!is_terminal_) fmt::print(out_, "{}\n", label);
  }
  if (!is_terminal_ || (!begins && drawn_ && now - *drawn_ < kBetweenDrawings)) return;
  std::optional<Seconds> left;
  const Seconds taken = now - begun_;
  if (done > 0 && done < total && taken >= kBeforeGuessing) {
    left = taken * (static_cast<double>(total - done) / static_cast<double>(done));
  }
  fmt::print(out_, "{}{}", kEraseLine, ProgressLine(label, done, total, left));
  std::fflush(out_);
  drawn_ = now;
}

void ProgressBar::Clear() {
  if (!drawn_) return;
  fmt::print(out_, "{}", kEraseLine);
  std::fflush(out_);
  drawn_.reset();
}

}  // namespace delen::apps
