// Plays a scenario against a running server as an open loop: requests are sent
// when the scenario has them due, however long the server takes with those
// before.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/units.h"
#include "client/load_tally.h"
#include "core/tensor.h"
#include "workload/scenario.h"

namespace delen::client {

// What a tenant sends, request after request, over and over.
//
// Memory: tenants of the same model share the bytes.
struct LoadInputs {
  std::vector<core::Tensor> tensors;  // of one request; of others only the bytes differ
  std::shared_ptr<const std::vector<std::byte>> bytes;  // of the requests, one behind the other
  std::vector<std::int32_t> labels;                     // of the requests' rows; empty when unknown

  std::size_t request_bytes() const;
  std::size_t count() const { return bytes->size() / request_bytes(); }  // of requests that differ
  // Those of the tenant's request number `number`.
  std::span<const std::byte> BytesOf(std::uint64_t number) const;
  std::span<const std::int32_t> LabelsOf(std::uint64_t number) const;
};

struct LoadPlan {
  workload::Scenario scenario;     // models by the names that the server has for them
  std::vector<LoadInputs> inputs;  // of the scenario's tenants, at least one request each
};

struct LoadOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8000;
  int connections = 64;    // of each tenant at most; opened as they are needed
  Seconds patience{30.0};  // for one answer, and for all that is owed at the end
};

// How far a load is, for those who watch from another thread.
struct LoadProgress {
  std::atomic<std::uint64_t> arrived = 0;
  std::atomic<std::uint64_t> finished = 0;  // answered, refused or failed
};

// Blocks until all requests came to something: the load's one thread. A latency
// counts from the instant at which its request was due. A request that is due
// while all connections are busy waits for one, and that counts, too.
//
// Memory: requests that wait are kept, all of them.
// Errors: kInvalidArgument when the address is no IP address or a model's name
//         no plain one, kUnavailable when the server cannot be reached at the
//         start. Later failures are counted.
Result<LoadReport> RunLoad(const LoadPlan& plan, const LoadOptions& options, const Clock& clock,
                           LoadProgress& progress);

}  // namespace delen::client
