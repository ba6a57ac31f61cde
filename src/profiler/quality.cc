#include "profiler/quality.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/confidence.h"
#include "profiler/calibration_error.h"
#include "profiler/floor_points.h"
#include "profiler/temperature.h"

namespace delen::profiler {
namespace {

std::span<const float> Row(const std::vector<float>& scores, std::size_t classes,
                           std::size_t sample) {
  return std::span(scores).subspan(sample * classes, classes);
}

std::vector<Judgement> Judge(const std::vector<float>& scores, const Answers& answers,
                             core::ScoreKind kind, double temperature) {
  std::vector<Judgement> judgements;
  for (std::size_t sample = 0; sample < answers.labels.size(); ++sample) {
    const std::span<const float> row = Row(scores, answers.classes, sample);
    const auto answer = std::max_element(row.begin(), row.end()) - row.begin();
    const double confidence = core::RowConfidence(row, kind, temperature);
    // Scores that are no numbers are no answer.
    const bool is_answer = confidence > 0.0;
    judgements.push_back(
        {is_answer ? confidence : 0.0, is_answer && answer == answers.labels[sample]});
  }
  return judgements;
}

double FitOnEveryOther(const std::vector<float>& scores, const Answers& answers) {
  std::vector<float> half_scores;
  std::vector<std::int32_t> half_labels;
  for (std::size_t sample = 0; sample < answers.labels.size(); sample += 2) {
    const std::span<const float> row = Row(scores, answers.classes, sample);
    half_scores.insert(half_scores.end(), row.begin(), row.end());
    half_labels.push_back(answers.labels[sample]);
  }
  return FitTemperature(half_scores, answers.classes, half_labels);
}

double ErrorOnTheOthers(const std::vector<Judgement>& judgements) {
  std::vector<Judgement> half;
  for (std::size_t sample = 1; sample < judgements.size(); sample += 2) {
    half.push_back(judgements[sample]);
  }
  return CalibrationError(half);
}

double ShareCorrect(const std::vector<Judgement>& judgements) {
  const auto correct = std::count_if(judgements.begin(), judgements.end(),
                                     [](const Judgement& j) { return j.correct; });
  return static_cast<double>(correct) / static_cast<double>(judgements.size());
}

}  // namespace

core::Quality JudgeExits(const Answers& answers, core::ScoreKind kind,
                         std::span<const double> cumulative_flops, std::string data_name) {
  core::Quality quality;
  quality.data = std::move(data_name);
  quality.samples = static_cast<int>(answers.labels.size());
  Judgements judgements;
  for (const std::vector<float>& scores : answers.scores) {
    const double temperature =
        kind == core::ScoreKind::kLogits ? FitOnEveryOther(scores, answers) : 1.0;
    const std::vector<Judgement>& exit =
        judgements.emplace_back(Judge(scores, answers, kind, temperature));
    quality.exits.push_back({.accuracy = ShareCorrect(exit),
                             .temperature = temperature,
                             .calibration_error = ErrorOnTheOthers(exit)});
  }
  quality.floor_points = MakeFloorPoints(judgements, cumulative_flops);
  return quality;
}

}  // namespace delen::profiler
