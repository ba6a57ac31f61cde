// How a great many latencies were distributed, in little memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/units.h"

namespace delen {

// Counts latencies in buckets whose width grows with the latency: 64 to each
// doubling, from 1 us to over 1 h.
//
// Units:   a quantile is off by 1/128 of itself at most; count, mean, least and
//          greatest are exact. What lies outside the range counts as its end.
// Memory:  16 KiB, whatever was recorded.
// Threads: not thread-safe.
class LatencyHistogram {
 public:
  // `latency` is not negative.
  void Record(Seconds latency);

  // As if all that `other` recorded had been recorded here.
  void Merge(const LatencyHistogram& other);

  std::uint64_t count() const { return count_; }
  // These are 0 when nothing was recorded.
  Seconds mean() const;
  Seconds min() const { return count_ == 0 ? Seconds(0.0) : min_; }
  Seconds max() const { return max_; }
  // The smallest latency with at least `fraction` of them at or below it
  // (nearest rank). `fraction` is in (0, 1].
  Seconds Quantile(double fraction) const;

 private:
  static constexpr int kBucketsPerDoubling = 64;
  static constexpr int kDoublings = 32;  // 2^32 us are 71 minutes
  static constexpr int kBuckets = kDoublings * kBucketsPerDoubling;

  static std::size_t BucketOf(Seconds latency);
  static Seconds MiddleOf(std::size_t bucket);

  std::array<std::uint64_t, kBuckets> counts_{};
  std::uint64_t count_ = 0;
  Seconds sum_;
  Seconds min_{std::numeric_limits<double>::infinity()};
  Seconds max_;
};

}  // namespace delen
