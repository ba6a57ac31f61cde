// A model's profile in the form that exit decisions need, for one thread count:
// computed once at load, read at every exit.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "core/model_folder.h"

namespace delen::core {

// Threads: immutable after construction.
class ExitTable {
 public:
  // Errors: kInvalidArgument when the profile has no costs for `threads`.
  static Result<ExitTable> Make(const ModelVersion& model, int threads);

  int exit_count() const { return static_cast<int>(value_.size()); }
  int last_exit() const { return exit_count() - 1; }

  // Average accuracy of an exit's answers; absent without labelled data.
  std::optional<double> accuracy(int exit) const;
  // What an answer of this exit is worth against another exit's: its accuracy,
  // or its depth when no labelled data was seen.
  double value(int exit) const { return value_[At(exit)]; }
  // Costs more than an earlier exit and is worth no more.
  bool dominated(int exit) const { return dominated_[At(exit)]; }
  // The exit of the highest value; the shallowest of equals.
  int best_exit() const { return best_exit_; }

  // Divides the exit's logits before softmax.
  double temperature(int exit) const { return temperature_[At(exit)]; }
  // Work of one row up to and including this exit.
  double cumulative_flops(int exit) const { return cumulative_flops_[At(exit)]; }

  ScoreKind scores() const { return scores_; }
  // Whether confidences mean probabilities of being right.
  bool calibrated() const { return quality_.has_value() && scores_ != ScoreKind::kNone; }
  const std::optional<Quality>& quality() const { return quality_; }

  // The costs for a batch of `rows`, and the factor to multiply them by when
  // the batch is larger than any that was measured.
  struct Costs {
    const CostTable* table;
    double factor;
  };
  Costs CostsFor(int rows) const;
  int threads() const { return threads_; }
  // Where the energies of the costs came from.
  EnergySource energy_source() const { return energy_source_; }

 private:
  ExitTable() = default;
  static std::size_t At(int exit) { return static_cast<std::size_t>(exit); }

  int threads_ = 1;
  int best_exit_ = 0;
  EnergySource energy_source_ = EnergySource::kModel;
  ScoreKind scores_ = ScoreKind::kLogits;
  std::vector<double> value_;
  std::vector<bool> dominated_;
  std::vector<double> temperature_;
  std::vector<double> cumulative_flops_;
  std::vector<CostTable> costs_;  // of this thread count, ascending batch
  std::optional<Quality> quality_;
};

}  // namespace delen::core
