#include "workload/slowdown_trace.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "workload/recording.h"

namespace delen::workload {
namespace {

class ConstantTrace final : public SlowdownTrace {
 public:
  explicit ConstantTrace(ConstantSlowdown slowdown) : value_(slowdown.value) {}

  double At(TimePoint /*time*/) override { return value_; }

 private:
  double value_;
};

class SteppedTrace final : public SlowdownTrace {
 public:
  explicit SteppedTrace(SteppedSlowdown slowdown) : steps_(std::move(slowdown.steps)) {}

  double At(TimePoint time) override {
    while (begun_ < steps_.size() && TimePoint(steps_[begun_].at) <= time) ++begun_;
    return begun_ == 0 ? 1.0 : steps_[begun_ - 1].value;
  }

 private:
  std::vector<SteppedSlowdown::Step> steps_;
  std::size_t begun_ = 0;
};

class WalkingTrace final : public SlowdownTrace {
 public:
  WalkingTrace(const WalkingSlowdown& slowdown, const RandomSource& random)
      : interval_(slowdown.interval),
        deviation_(slowdown.log_deviation),
        low_(std::log(slowdown.low)),
        high_(std::log(slowdown.high)),
        random_(random),
        log_(std::clamp(0.0, low_, high_)),
        value_(std::exp(log_)) {}

  double At(TimePoint time) override {
    bool moved = false;
    for (; time >= next_move(); ++moves_, moved = true) Move();
    if (moved) value_ = std::exp(log_);
    return value_;
  }

 private:
  TimePoint next_move() const { return TimePoint(interval_ * static_cast<double>(moves_ + 1)); }

  void Move() {
    log_ += deviation_ * random_.Normal();
    if (log_ < low_) log_ = low_ + (low_ - log_);
    if (log_ > high_) log_ = high_ - (log_ - high_);
    log_ = std::clamp(log_, low_, high_);
  }

  Seconds interval_;
  double deviation_;
  double low_;
  double high_;
  RandomSource random_;
  std::int64_t moves_ = 0;
  double log_;
  double value_;
};

struct Make {
  std::unique_ptr<SlowdownTrace> operator()(ConstantSlowdown slowdown) const {
    return std::make_unique<ConstantTrace>(slowdown);
  }
  std::unique_ptr<SlowdownTrace> operator()(const SteppedSlowdown& slowdown) const {
    return std::make_unique<SteppedTrace>(slowdown);
  }
  std::unique_ptr<SlowdownTrace> operator()(const WalkingSlowdown& slowdown) const {
    return std::make_unique<WalkingTrace>(slowdown, random);
  }

  const RandomSource& random;
};

}  // namespace

Result<SteppedSlowdown> ParseRecordedSlowdown(std::string_view csv, std::string_view source) {
  const auto rows =
      ParseRecording(csv, source, {{"seconds", AtLeast(0.0)}, {"slowdown", kSlowdownRange}});
  if (!rows) return rows.error();
  SteppedSlowdown slowdown;
  for (const std::vector<double>& row : *rows) slowdown.steps.push_back({Seconds(row[0]), row[1]});
  return slowdown;
}

std::unique_ptr<SlowdownTrace> MakeSlowdownTrace(const Slowdown& slowdown,
                                                 const RandomSource& random) {
  return std::visit(Make{random}, slowdown);
}

}  // namespace delen::workload
