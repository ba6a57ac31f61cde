// How busy everybody else keeps the machine's cores.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "base/units.h"

namespace delen::executor {

// Read off the kernel's accounts: what all processors did, less what this
// process did. Time that a hypervisor took away counts as others' too.
//
// Threads: not thread-safe.
// Source:  proc(5), /proc/stat and /proc/[pid]/stat.
class ForeignLoad {
 public:
  // `root` stands in for /proc in tests.
  explicit ForeignLoad(std::filesystem::path root = "/proc") : root_(std::move(root)) {}

  // Cores kept busy by others, on average since the last call; 0 at the first.
  // Errors: kUnavailable when the accounts cannot be read.
  Result<double> Read(TimePoint now);

 private:
  std::filesystem::path root_;
  TimePoint read_at_;
  Seconds foreign_;
  bool is_first_ = true;
};

}  // namespace delen::executor
