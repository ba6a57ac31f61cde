// Counts heap allocations of the thread that asks: ours, and the runtime's.
#pragma once

#include <cstdint>

namespace delen::bench {

// Linking this replaces operator new of the whole program.
struct AllocationCounts {
  std::int64_t ours = 0;
  std::int64_t runtime = 0;  // from inside ONNX Runtime's library
};

// What this thread has allocated since it started.
AllocationCounts CountedAllocations();

// While one lives, allocations of this thread that do not come from this
// program's own code count as the runtime's: it calls into shared libraries too.
class InsideRuntime {
 public:
  InsideRuntime();
  ~InsideRuntime();
  InsideRuntime(const InsideRuntime&) = delete;
  InsideRuntime& operator=(const InsideRuntime&) = delete;
};

}  // namespace delen::bench
