#include "policy/floor_rule.h"

#include <cmath>
#include <limits>

namespace delen::policy {
namespace {

constexpr double kOneSided95 = 1.645;  // standard normal quantile

FloorRule AlwaysLastExit(const core::ExitTable& exits) {
  return {exits.best_exit(), std::numeric_limits<double>::infinity(),
          exits.accuracy(exits.best_exit())};
}

}  // namespace

double FloorMargin(double accuracy, int samples) {
  const double variance = accuracy * (1.0 - accuracy);
  return kOneSided95 * std::sqrt(variance * (1.0 / samples + 1.0 / kFloorHorizon));
}

FloorRule ChooseFloorRule(const core::ExitTable& exits, double min_accuracy) {
  if (!exits.calibrated() || exits.quality()->floor_points.empty()) return AlwaysLastExit(exits);
  const core::Quality& quality = *exits.quality();
  const core::FloorPoint* least_work = nullptr;
  const core::FloorPoint* most_accurate = nullptr;
  for (const core::FloorPoint& point : quality.floor_points) {
    const double sure = point.accuracy - FloorMargin(point.accuracy, quality.samples);
    if (sure >= min_accuracy && (least_work == nullptr || point.flops < least_work->flops)) {
      least_work = &point;
    }
    if (most_accurate == nullptr || point.accuracy > most_accurate->accuracy) {
      most_accurate = &point;
    }
  }
  const core::FloorPoint& chosen = least_work != nullptr ? *least_work : *most_accurate;
  return {chosen.last_exit, chosen.threshold, chosen.accuracy};
}

}  // namespace delen::policy
