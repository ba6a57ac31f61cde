// How far a long piece of work is, in one line of the terminal.
#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/units.h"

namespace delen::apps {

// "profiling, 2 threads  [##########----------]  50 %  4 s left"
std::string ProgressLine(std::string_view label, std::size_t done, std::size_t total,
                         std::optional<Seconds> left);

// On a terminal the line is drawn over and over and vanishes at the end; in a
// file or pipe each label is printed once, when its work begins.
//
// Threads: not thread-safe.
class ProgressBar {
 public:
  // Draws on `out`, a terminal or not, until destroyed. `out` and `clock` must
  // outlive the bar.
  ProgressBar(std::FILE* out, bool is_terminal, const Clock& clock)
      : out_(out), is_terminal_(is_terminal), clock_(clock) {}
  // On standard error.
  explicit ProgressBar(const Clock& clock);
  ~ProgressBar() { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `done` of `total` steps of the work named `label` are done. Another label
  // begins another piece of work, timed anew. May be called as often as one
  // likes: it draws ten times a second at most.
  void Update(std::size_t done, std::size_t total, std::string_view label);

  // Takes the line away, so that something else can be printed.
  void Clear();

 private:
  std::FILE* out_;
  bool is_terminal_;
  const Clock& clock_;
  std::string label_;
  TimePoint begun_;  // the work named label_
  std::optional<TimePoint> drawn_;
};

}  // namespace delen::apps
