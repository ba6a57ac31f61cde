// When the requests of a scenario are due, whatever becomes of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/units.h"
#include "workload/arrival_process.h"
#include "workload/scenario.h"

namespace delen::client {

struct DueRequest {
  TimePoint due;             // on a time line that begins with the load
  std::size_t tenant = 0;    // place among the scenario's
  std::uint64_t number = 0;  // among the tenant's own, from 0
};

// The requests of all tenants in the order in which they are due; at the same
// instant, that of the tenant named first. The same for the same scenario.
//
// Threads: not thread-safe.
class LoadSchedule {
 public:
  explicit LoadSchedule(const workload::Scenario& scenario);

  // Nothing once the scenario's duration or number of requests is reached.
  std::optional<DueRequest> Next();

 private:
  struct Source {
    std::unique_ptr<workload::ArrivalProcess> arrivals;
    std::optional<TimePoint> next;
    std::uint64_t number = 0;
  };

  std::optional<TimePoint> Draw(Source& source) const;

  std::vector<Source> sources_;
  TimePoint end_;
  std::optional<std::int64_t> requests_left_;
};

}  // namespace delen::client
