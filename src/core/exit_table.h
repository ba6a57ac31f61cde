// A model's profile in the form that exit decisions need, for one thread count:
// computed once at load, read at every exit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
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

  // What it takes to come from the input to each exit: element i is the sum over
  // the first i stages.
  struct CostSums {
    std::vector<Seconds> p95;
    std::vector<Seconds> p99;
    std::vector<Joules> energy;  // at p99
  };
  // The costs for a batch of `rows`, and the factor to multiply them by when
  // the batch is larger than any that was measured.
  struct Costs {
    const CostTable* table;
    const CostSums* sums;
    double factor;
  };
  Costs CostsFor(int rows) const;

  // An exit that is worth more than all before it, seen from a stage boundary.
  struct Step {
    int exit = 0;
    Seconds time;          // p95 from the boundary, one row alone
    double density = 0.0;  // worth gained per second on the way there or past it
  };
  // The exits worth running on to once `reached` exits are behind, nearest first.
  // Densities never rise. Before the first stage, the first exit leads the list
  // and its density is infinite.
  std::span<const Step> steps(std::size_t reached) const { return steps_[reached]; }

  // The measured batch size, `rows` at most, that takes the least time per row.
  // A larger one must be 5 % quicker per row than a smaller.
  int BestBatch(int rows) const;
  // Time per row in such a batch over time per row alone.
  double BatchShare(int rows) const;
  int threads() const { return threads_; }
  // Where the energies of the costs came from.
  EnergySource energy_source() const { return energy_source_; }

 private:
  ExitTable() = default;
  std::vector<Step> StepsFrom(std::size_t reached) const;
  void SetDensities(std::span<Step> steps, Seconds time, double worth) const;
  void ChooseBatches();
  // Of tables by number of rows: the last element is for more.
  static std::size_t ByRows(const std::vector<std::size_t>& tables, int rows) {
    return tables[std::min(At(rows), tables.size() - 1)];
  }
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
  std::vector<CostSums> sums_;    // of each of them
  std::vector<double> shares_;    // of each of them: time per row over that of one row alone
  // Indices into costs_ by number of rows.
  std::vector<std::size_t> holding_;      // the smallest batch that holds so many
  std::vector<std::size_t> best_;         // the best batch of at most so many
  std::vector<std::vector<Step>> steps_;  // by exits reached
  std::optional<Quality> quality_;
};

}  // namespace delen::core
