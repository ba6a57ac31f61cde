#include "policy/stream_estimator.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace delen::policy {
namespace {

bool AreOfOneKind(const Stream& a, const Stream& b) {
  return a.tenant == b.tenant && a.weight == b.weight && a.share == b.share &&
         std::ranges::equal(a.steps, b.steps, [](const auto& left, const auto& right) {
           return left.exit == right.exit && left.time == right.time &&
                  left.density == right.density;
         });
}

// A tighter bound counts at once, a looser one little by little.
Seconds NewSlack(Seconds known, Seconds seen) {
  constexpr double kLoosening = 0.05;
  if (seen <= known || seen.value() == std::numeric_limits<double>::infinity()) {
    return std::min(known, seen);
  }
  return known + (seen - known) * kLoosening;
}

}  // namespace

void StreamEstimator::OnArrival(const Stream& stream, int rows, TimePoint now) {
  Kind& kind = Find(stream, now);
  kind.rows += rows;
  kind.stream.slack = NewSlack(kind.stream.slack, stream.slack);
}

std::span<const Stream> StreamEstimator::At(TimePoint now) {
  streams_.clear();
  for (Kind& kind : kinds_) {
    if (kind.rows == 0.0) continue;
    Age(kind, now);
    const Seconds life = std::max(now - kind.first, kShortest);
    kind.stream.rows_per_second =
        kind.rows / (kMemory.value() * (1.0 - std::exp(-(life / kMemory))));
    kind.stream.recent_rows = kind.rows;
    streams_.push_back(kind.stream);
  }
  return streams_;
}

void StreamEstimator::Age(Kind& kind, TimePoint now) {
  constexpr double kNegligible = 1e-3;
  if (kind.rows == 0.0) return;
  kind.rows *= std::exp(-((now - kind.updated) / kMemory));
  if (kind.rows < kNegligible) kind.rows = 0.0;
  kind.updated = now;
}

// The kind that `stream` is of; a new one takes the place of the rarest.
StreamEstimator::Kind& StreamEstimator::Find(const Stream& stream, TimePoint now) {
  for (Kind& kind : kinds_) Age(kind, now);
  const auto known = std::ranges::find_if(kinds_, [&](const Kind& kind) {
    return kind.rows > 0.0 && AreOfOneKind(kind.stream, stream);
  });
  if (known != kinds_.end()) return *known;
  Kind& rarest = *std::ranges::min_element(kinds_, {}, &Kind::rows);
  std::ranges::copy(stream.steps, rarest.steps.begin());
  rarest.stream = stream;
  rarest.stream.steps = std::span(rarest.steps.data(), stream.steps.size());
  rarest.rows = 0.0;
  rarest.first = now;
  rarest.updated = now;
  return rarest;
}

}  // namespace delen::policy
