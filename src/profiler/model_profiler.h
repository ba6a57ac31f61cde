// Makes the profile of a model on this machine: costs for each thread count,
// and, where labelled data is given, how good the exits are.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "backend/backend.h"
#include "base/clock.h"
#include "base/result.h"
#include "core/model_folder.h"
#include "profiler/labelled_data.h"
#include "profiler/latency_profile.h"

namespace delen::profiler {

struct ProfileOptions {
  std::vector<int> threads;  // counts to measure
  LatencyOptions latency;
  const LabelledData* data = nullptr;  // without it, what the profile knew of quality stays
};

// A backend for stages on so many threads.
using OpenBackend = std::function<Result<std::unique_ptr<backend::Backend>>(int threads)>;

class ModelProfiler {
 public:
  // `clock`, `progress` and the gauge's meter must outlive the profiler.
  ModelProfiler(OpenBackend open_backend, const EnergyGauge& gauge, const Clock& clock,
                Progress& progress)
      : open_backend_(std::move(open_backend)), gauge_(gauge), clock_(clock), progress_(progress) {}

  // The model's profile with its costs measured anew. One backend is open at a
  // time: backends may share a thread pool of the process.
  Result<core::Profile> Run(const core::ModelVersion& model, const ProfileOptions& options) const;

 private:
  OpenBackend open_backend_;
  EnergyGauge gauge_;
  const Clock& clock_;
  Progress& progress_;
};

// {1, cores}, or {1} on one core.
std::vector<int> DefaultThreads();

}  // namespace delen::profiler
