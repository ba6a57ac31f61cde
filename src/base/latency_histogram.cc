#include "base/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace delen {
namespace {

// The exponent and the highest bits of the fraction of a double are the bucket's
// number, counted from that of 1.0 (1 us).
constexpr int kFractionBits = 52 - std::bit_width(63U);
constexpr std::uint64_t kBucketOfOne = std::bit_cast<std::uint64_t>(1.0) >> kFractionBits;

}  // namespace

std::size_t LatencyHistogram::BucketOf(Seconds latency) {
  const double us = InMicroseconds(latency);
  if (!(us > 1.0)) return 0;
  const std::uint64_t bucket = (std::bit_cast<std::uint64_t>(us) >> kFractionBits) - kBucketOfOne;
  return static_cast<std::size_t>(std::min<std::uint64_t>(bucket, kBuckets - 1));
}

Seconds LatencyHistogram::MiddleOf(std::size_t bucket) {
  const std::uint64_t low = (kBucketOfOne + bucket) << kFractionBits;
  const std::uint64_t middle = low | (std::uint64_t{1} << (kFractionBits - 1));
  return Seconds(std::bit_cast<double>(middle) * 1e-6);
}

void LatencyHistogram::Record(Seconds latency) {
  assert(latency >= Seconds(0.0));
  ++counts_[BucketOf(latency)];
  ++count_;
  sum_ += latency;
  min_ = std::min(min_, latency);
  max_ = std::max(max_, latency);
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

Seconds LatencyHistogram::mean() const {
  return count_ == 0 ? Seconds(0.0) : sum_ / static_cast<double>(count_);
}

Seconds LatencyHistogram::Quantile(double fraction) const {
  assert(fraction > 0.0 && fraction <= 1.0);
  if (count_ == 0) return Seconds(0.0);
  const auto wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  const std::uint64_t rank = std::clamp<std::uint64_t>(wanted, 1, count_);
  std::uint64_t below = 0;
  std::size_t bucket = 0;
  while ((below += counts_[bucket]) < rank) ++bucket;
  return std::clamp(MiddleOf(bucket), min_, max_);
}

}  // namespace delen
