#include "core/model_spec.h"

namespace delen::core {

std::string_view Name(ScoreKind kind) {
  switch (kind) {
    case ScoreKind::kLogits: return "logits";
    case ScoreKind::kProbabilities: return "probabilities";
    case ScoreKind::kNone: return "none";
  }
  return "unknown";
}

Result<ScoreKind> ParseScoreKind(std::string_view name) {
  for (const ScoreKind kind : {ScoreKind::kLogits, ScoreKind::kProbabilities, ScoreKind::kNone}) {
    if (Name(kind) == name) return kind;
  }
  return InvalidArgument("unknown score kind '{}', expected logits, probabilities or none", name);
}

}  // namespace delen::core
