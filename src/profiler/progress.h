// Who is told how far a profile is.
#pragma once

#include <cstddef>
#include <string_view>

namespace delen::profiler {

// Called from the thread that profiles, often.
class Progress {
 public:
  virtual ~Progress() = default;
  // `done` of `total` steps of the work named `label` are done.
  virtual void Report(std::size_t done, std::size_t total, std::string_view label) = 0;
};

class NoProgress final : public Progress {
 public:
  void Report(std::size_t /*done*/, std::size_t /*total*/, std::string_view /*label*/) override {}
};

}  // namespace delen::profiler
