// What is known about a model's exits: their work (since import), their latency
// and energy on this machine (once measured), their accuracy and calibration
// (once labelled data was seen). The content of NAME/VERSION/profile.json
// (docs/formats.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/energy_source.h"
#include "base/units.h"

namespace delen::core {

// What running one stage once costs, at one batch size and thread count.
struct StageCost {
  Seconds p50;
  Seconds p95;
  Seconds p99;
  Joules energy;  // active energy, mean

  // While the stage runs; 0 when nothing was measured.
  Watts MeanPower() const { return p50 > Seconds(0.0) ? energy / p50 : Watts(0.0); }

  friend bool operator==(const StageCost&, const StageCost&) = default;
};

// The measured costs of all stages under one setting.
struct CostTable {
  int threads = 1;
  int batch = 1;
  std::vector<StageCost> stages;  // one per exit

  friend bool operator==(const CostTable&, const CostTable&) = default;
};

// How good one exit's answers are, on labelled data.
struct ExitQuality {
  double accuracy = 0.0;           // share of correct answers when always used
  double temperature = 1.0;        // divides logits before softmax; fitted on one half
  double calibration_error = 0.0;  // expected calibration error on the other half

  friend bool operator==(const ExitQuality&, const ExitQuality&) = default;
};

// The outcome, on labelled data, of leaving at the first exit whose calibrated
// confidence reaches `threshold`, and at `last_exit` regardless.
struct FloorPoint {
  int last_exit = 0;
  double threshold = 0.0;
  double accuracy = 0.0;  // share of correct answers
  double flops = 0.0;     // mean work of an answer

  friend bool operator==(const FloorPoint&, const FloorPoint&) = default;
};

// All that labelled data told.
struct Quality {
  std::string data;  // the data file's name
  int samples = 0;
  std::vector<ExitQuality> exits;
  std::vector<FloorPoint> floor_points;

  friend bool operator==(const Quality&, const Quality&) = default;
};

// The machine that the costs were measured on.
struct Machine {
  std::string cpu;  // model name
  int cores = 0;
  std::string runtime;  // "onnxruntime 1.24.3"

  friend bool operator==(const Machine&, const Machine&) = default;
};

struct Profile {
  std::vector<double> stage_flops;  // per row of the batch, one per exit; 2 per multiply-add
  Machine machine;
  EnergySource energy_source = EnergySource::kModel;
  std::vector<CostTable> costs;    // empty until measured
  std::optional<Quality> quality;  // empty until labelled data was seen

  friend bool operator==(const Profile&, const Profile&) = default;
};

// Work up to and including each exit.
std::vector<double> CumulativeFlops(const Profile& profile);

// For each exit, whether an earlier exit is at least as accurate: it costs more
// and gains nothing. All false without quality.
std::vector<bool> DominatedExits(const Profile& profile);

}  // namespace delen::core
