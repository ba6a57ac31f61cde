// How sure a classifier is of its answer.
#pragma once

#include <optional>
#include <span>

#include "core/model_spec.h"

namespace delen::core {

// The highest class probability of one row of scores; for logits, of
// softmax(scores / temperature).
//
// Shapes: scores [classes], float32.
double RowConfidence(std::span<const float> scores, ScoreKind kind, double temperature);

// The lowest confidence among the rows of a batch: what may be promised for all
// of them. Absent for ScoreKind::kNone.
//
// Shapes: scores [rows, classes], float32, row-major.
std::optional<double> BatchConfidence(std::span<const float> scores, std::size_t classes,
                                      ScoreKind kind, double temperature);

}  // namespace delen::core
