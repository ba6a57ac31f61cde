// Runs a model to its last exit on labelled data and keeps what every exit said.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "backend/backend.h"
#include "base/result.h"
#include "core/model_folder.h"
#include "profiler/labelled_data.h"
#include "profiler/progress.h"

namespace delen::profiler {

// What every exit answered to every sample.
struct Answers {
  std::size_t classes = 0;
  std::vector<std::int32_t> labels;        // by sample
  std::vector<std::vector<float>> scores;  // by exit: [samples, classes], row-major
};

// Scores are kept in memory: of samples whose scores go beyond this, none is run.
inline constexpr std::size_t kMaxScoreBytes = std::size_t{512} << 20;

// Runs the samples in batches, on `threads` threads. Samples that do not fill a
// batch of a model that insists on its size are left out.
// Errors: kUnsupported when the model gives no class scores; kInvalidArgument
//         when an exit's output is not one row of float32 scores per sample, or
//         has too few for a label.
Result<Answers> RunAllExits(backend::Backend& backend, const core::ModelVersion& model, int threads,
                            const LabelledData& data, Progress& progress);

}  // namespace delen::profiler
