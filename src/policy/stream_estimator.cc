#include "policy/stream_estimator.h"

#include <algorithm>
#include <cmath>

namespace delen::policy {
namespace {

bool AreOfOneKind(const Stream& a, const Stream& b) {
  return a.tenant == b.tenant && a.weight == b.weight && a.share == b.share &&
         std::ranges::equal(a.steps, b.steps, [](const auto& left, const auto& right) {
           return left.exit == right.exit && left.time == right.time &&
                  left.density == right.density;
         });
}

}  // namespace

void StreamEstimator::OnArrival(const Stream& stream, int rows, TimePoint now) {
  Find(stream, now).stream.rows_per_second += rows / kMemory.value();
}

std::span<const Stream> StreamEstimator::At(TimePoint now) {
  streams_.clear();
  for (Kind& kind : kinds_) {
    if (kind.stream.rows_per_second == 0.0) continue;
    Age(kind, now);
    streams_.push_back(kind.stream);
  }
  return streams_;
}

void StreamEstimator::Age(Kind& kind, TimePoint now) {
  constexpr double kNegligible = 1e-3;
  double& rate = kind.stream.rows_per_second;
  rate *= std::exp(-((now - kind.updated) / kMemory));
  if (rate < kNegligible) rate = 0.0;
  kind.updated = now;
}

StreamEstimator::Kind& StreamEstimator::Find(const Stream& stream, TimePoint now) {
  for (Kind& kind : kinds_) Age(kind, now);
  const auto known = std::ranges::find_if(
      kinds_, [&](const Kind& kind) { return AreOfOneKind(kind.stream, stream); });
  if (known != kinds_.end()) return *known;
  Kind& rarest = *std::ranges::min_element(
      kinds_, {}, [](const Kind& kind) { return kind.stream.rows_per_second; });
  std::ranges::copy(stream.steps, rarest.steps.begin());
  rarest.stream = stream;
  rarest.stream.rows_per_second = 0.0;
  rarest.stream.steps = std::span(rarest.steps.data(), stream.steps.size());
  return rarest;
}

}  // namespace delen::policy
