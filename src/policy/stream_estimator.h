// How many requests of which kind keep arriving.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/units.h"
#include "policy/queue.h"

namespace delen::policy {

// Rates over the last second or so, each arrival weighing exp(-age / kMemory);
// of a stream that is younger, over its life, but kShortest at least.
// Requests are of one kind when they may run on to the same exits at the same
// cost; of more kinds than kMaxStreams, the rarest is forgotten.
//
// Memory:  all of it is taken at construction.
// Threads: not thread-safe.
class StreamEstimator {
 public:
  static constexpr std::size_t kMaxStreams = 32;
  static constexpr Seconds kMemory{1.0};
  static constexpr Seconds kShortest{0.05};

  StreamEstimator() { streams_.reserve(kMaxStreams); }

  // `stream` says of what kind the request is, and its slack; its rate does not
  // count.
  void OnArrival(const Stream& stream, int rows, TimePoint now);

  // The rates as of `now`. Valid until the next call.
  std::span<const Stream> At(TimePoint now);

 private:
  struct Kind {
    std::array<core::ExitTable::Step, core::kMaxExits> steps;
    Stream stream;
    double rows = 0.0;  // all that arrived, the older the less
    TimePoint first;
    TimePoint updated;
  };

  static void Age(Kind& kind, TimePoint now);
  Kind& Find(const Stream& stream, TimePoint now);

  std::vector<Kind> kinds_ = std::vector<Kind>(kMaxStreams);
  std::vector<Stream> streams_;
};

}  // namespace delen::policy
