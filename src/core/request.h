// One inference request and its answer, free of any wire format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/energy_source.h"
#include "base/units.h"
#include "core/bounds.h"
#include "core/stop_rule.h"
#include "core/tensor.h"

namespace delen::core {

// Unique within the process, never reused.
using RequestId = std::uint64_t;

// Requests that share a stage, at most.
inline constexpr std::size_t kMaxBatch = 16;

struct Request {
  std::string model;
  int version = 0;     // 0: the newest
  TimePoint arrival;   // when its first byte was read; bounds count from here
  std::string tenant;  // empty: the default one
  std::vector<Tensor> inputs;
  Bounds bounds;
  std::shared_ptr<const StopRule> stop_rule;  // null: the server's policy decides
};

// The plain account of one answer.
struct Account {
  int exit = 0;
  // Expected average accuracy of answers chosen as this one was; absent without a labelled set.
  std::optional<double> accuracy_estimate;
  std::optional<double> confidence;  // calibrated; absent when the output is no score
  Seconds latency;                   // first byte read to answer ready
  Seconds queue;                     // of which waiting for a lane
  Seconds device;                    // of which stages running
  Joules energy;
  EnergySource energy_source = EnergySource::kModel;
  int batch = 1;  // the most requests it shared a stage with, itself included
  bool degraded =
      false;  // its latency bound was given up while it waited: served when there was time
  BoundSet missed;
};

struct Response {
  std::string model;
  int version = 0;
  std::string tenant;  // it was served as; empty when the request named none
  Tensor output;
  Account account;
};

}  // namespace delen::core
