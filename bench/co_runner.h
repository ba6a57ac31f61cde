// Another program that takes part of the machine for a while: stress-ng.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace delen::bench {

// Threads: not thread-safe.
class CoRunner {
 public:
  // Starts stress-ng with `arguments`.
  // Errors: kUnavailable when there is no such program.
  static Result<CoRunner> Start(const std::vector<std::string>& arguments);
  CoRunner(CoRunner&& other) noexcept;
  CoRunner& operator=(CoRunner&&) = delete;
  // Ends it, with its workers, and waits for that.
  ~CoRunner();

 private:
  explicit CoRunner(pid_t pid) : pid_(pid) {}

  pid_t pid_ = 0;  // and its process group; 0: ended or moved from
};

// Whether stress-ng can be started here.
bool HasCoRunner();

}  // namespace delen::bench
