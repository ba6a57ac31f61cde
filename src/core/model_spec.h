// What a model is to its clients: its ends, its exits, its labels. The content
// of NAME/model.toml (docs/formats.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/tensor.h"

namespace delen::core {

// A model has at most this many exits, so that what is known about one run fits
// into a fixed array.
inline constexpr int kMaxExits = 32;

// What the numbers of an exit's tensor mean.
enum class ScoreKind {
  kLogits,         // scores before softmax, classes on the last axis
  kProbabilities,  // after softmax
  kNone,           // no classifier: such a model has no confidence
};

// "logits", "probabilities", "none".
std::string_view Name(ScoreKind kind);
// Errors: kInvalidArgument, listing the known names.
Result<ScoreKind> ParseScoreKind(std::string_view name);

// How a picture of bytes becomes the model's input, channel by channel:
// (byte * scale - mean[c]) / std[c]. Clients do this themselves; the server
// needs it to read labelled data sets.
struct Preprocessing {
  std::string note;  // one sentence for people
  double scale = 1.0;
  std::vector<double> mean;  // empty means 0
  std::vector<double> std;   // empty means 1

  friend bool operator==(const Preprocessing&, const Preprocessing&) = default;
};

struct ModelSpec {
  std::string name;
  std::vector<TensorSpec> inputs;  // axis 0 is the batch where it is -1
  TensorSpec output;               // as served, whichever exit answers
  std::vector<std::string> exits;  // names of the exits' tensors, shallow to deep
  ScoreKind scores = ScoreKind::kLogits;
  std::vector<std::string> labels;  // one per class, or empty
  Preprocessing preprocessing;

  int exit_count() const { return static_cast<int>(exits.size()); }

  friend bool operator==(const ModelSpec&, const ModelSpec&) = default;
};

}  // namespace delen::core
