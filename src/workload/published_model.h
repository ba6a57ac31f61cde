// A model that is known from its publication alone: no file, no run, only how
// long its exits take and how often they are right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/document/document_reader.h"
#include "base/units.h"
#include "core/model_folder.h"

namespace delen::workload {

// A batch of b takes latency(r) * (fixed_share + (1 - fixed_share) * b / r), r
// being the reference batch: a part that any batch costs, a part per row.
struct PublishedModel {
  std::vector<Seconds>
      exit_latencies;  // median from the start up to each exit, of a reference batch
  int reference_batch = 1;
  std::vector<int> batches;  // that the profile is made for, ascending
  double fixed_share = 0.0;
  std::vector<double> exit_accuracies;
  int samples = 10'000;  // labelled ones, behind the accuracies
  Watts power;           // while a stage runs; 0: not known

  friend bool operator==(const PublishedModel&, const PublishedModel&) = default;
};

// Reads the table [model.published] (docs/formats.md).
PublishedModel ReadPublishedModel(const DocumentReader& reader);

// A version 1 with a full profile for one thread. p95 and p99 are those of a
// log-normal stage time with that coefficient of variation; a millisecond counts
// as 1 GFLOP, so that work orders the exits as time does; the floor points are
// "always this exit".
core::ModelVersion MakeModelVersion(std::string_view name, const PublishedModel& model,
                                    double stage_noise_cv);

}  // namespace delen::workload
