#include "workload/arrival_process.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "workload/recording.h"

namespace delen::workload {
namespace {

class PoissonProcess final : public ArrivalProcess {
 public:
  PoissonProcess(const PoissonArrivals& arrivals, const RandomSource& random)
      : rate_per_s_(arrivals.rate_per_s), random_(random) {}

  std::optional<TimePoint> Next() override {
    now_ = now_ + Seconds(random_.Exponential() / rate_per_s_);
    return now_;
  }

 private:
  double rate_per_s_;
  RandomSource random_;
  TimePoint now_;
};

class BurstyProcess final : public ArrivalProcess {
 public:
  BurstyProcess(BurstyArrivals arrivals, const RandomSource& random)
      : states_(std::move(arrivals.states)), random_(random), left_(DrawDwell()) {}

  // The next arrival is an exponential number of expected arrivals away, however
  // fast those come meanwhile.
  std::optional<TimePoint> Next() override {
    double expected = random_.Exponential();
    while (expected > left_.value() * state().rate_per_s) {
      expected -= left_.value() * state().rate_per_s;
      Spend(left_);
      state_ = (state_ + 1) % states_.size();
      left_ = DrawDwell();
    }
    if (expected > 0.0) Spend(std::min(Seconds(expected / state().rate_per_s), left_));
    return now_;
  }

 private:
  const BurstyArrivals::State& state() const { return states_[state_]; }
  Seconds DrawDwell() { return state().mean_dwell * random_.Exponential(); }
  void Spend(Seconds time) {
    now_ = now_ + time;
    left_ -= time;
  }

  std::vector<BurstyArrivals::State> states_;
  RandomSource random_;
  std::size_t state_ = 0;
  TimePoint now_;
  Seconds left_;  // of the dwell in this state
};

class PeriodicProcess final : public ArrivalProcess {
 public:
  PeriodicProcess(const PeriodicArrivals& arrivals, const RandomSource& random)
      : arrivals_(arrivals), random_(random) {}

  std::optional<TimePoint> Next() override {
    const Seconds since_first(static_cast<double>(frame_++) / arrivals_.rate_per_s);
    last_ = std::max(last_, TimePoint(arrivals_.offset + since_first + Jitter()));
    return last_;
  }

 private:
  Seconds Jitter() {
    if (arrivals_.jitter == Seconds(0.0)) return Seconds(0.0);
    const bool normal = arrivals_.shape == PeriodicArrivals::Jitter::kNormal;
    return arrivals_.jitter * (normal ? random_.Normal() : random_.Uniform(-1.0, 1.0));
  }

  PeriodicArrivals arrivals_;
  RandomSource random_;
  std::int64_t frame_ = 0;
  TimePoint last_;
};

class RecordedProcess final : public ArrivalProcess {
 public:
  explicit RecordedProcess(RecordedArrivals arrivals) : times_(std::move(arrivals.times)) {}

  std::optional<TimePoint> Next() override {
    if (next_ == times_.size()) return std::nullopt;
    return TimePoint(times_[next_++]);
  }

 private:
  std::vector<Seconds> times_;
  std::size_t next_ = 0;
};

struct Accelerate {
  void operator()(PoissonArrivals& arrivals) const { arrivals.rate_per_s *= factor; }
  void operator()(BurstyArrivals& arrivals) const {
    for (BurstyArrivals::State& state : arrivals.states) state.rate_per_s *= factor;
  }
  void operator()(PeriodicArrivals& arrivals) const { arrivals.rate_per_s *= factor; }
  void operator()(RecordedArrivals& arrivals) const {
    for (Seconds& time : arrivals.times) time = time / factor;
  }

  double factor;
};

struct Make {
  std::unique_ptr<ArrivalProcess> operator()(const PoissonArrivals& arrivals) const {
    return std::make_unique<PoissonProcess>(arrivals, random);
  }
  std::unique_ptr<ArrivalProcess> operator()(const BurstyArrivals& arrivals) const {
    return std::make_unique<BurstyProcess>(arrivals, random);
  }
  std::unique_ptr<ArrivalProcess> operator()(const PeriodicArrivals& arrivals) const {
    return std::make_unique<PeriodicProcess>(arrivals, random);
  }
  std::unique_ptr<ArrivalProcess> operator()(const RecordedArrivals& arrivals) const {
    return std::make_unique<RecordedProcess>(arrivals);
  }

  const RandomSource& random;
};

}  // namespace

Result<RecordedArrivals> ParseRecordedArrivals(std::string_view csv, std::string_view source) {
  const auto rows = ParseRecording(csv, source, {{"seconds", AtLeast(0.0)}});
  if (!rows) return rows.error();
  RecordedArrivals arrivals;
  for (const std::vector<double>& row : *rows) arrivals.times.emplace_back(row[0]);
  return arrivals;
}

Arrivals WithRate(Arrivals arrivals, double factor) {
  std::visit(Accelerate{factor}, arrivals);
  return arrivals;
}

std::unique_ptr<ArrivalProcess> MakeArrivalProcess(const Arrivals& arrivals,
                                                   const RandomSource& random) {
  return std::visit(Make{random}, arrivals);
}

}  // namespace delen::workload
