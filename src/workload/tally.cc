#include "workload/tally.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

namespace delen::workload {
namespace {

double Share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void Tally::OnAnswer(const core::Account& account) {
  const auto exit = static_cast<std::size_t>(account.exit);
  exits.resize(std::max(exits.size(), exit + 1));
  ++exits[exit];
  ++answered;
  kept += account.missed.empty() ? 1 : 0;
  degraded += account.degraded ? 1 : 0;
  accuracy_sum += account.accuracy_estimate.value_or(0.0);
  device += account.device;
  energy += account.energy;
  latency.Record(account.latency);
}

void Tally::Merge(const Tally& other) {
  arrived += other.arrived;
  answered += other.answered;
  kept += other.kept;
  degraded += other.degraded;
  refused += other.refused;
  dropped += other.dropped;
  exits.resize(std::max(exits.size(), other.exits.size()));
  for (std::size_t exit = 0; exit < other.exits.size(); ++exit) exits[exit] += other.exits[exit];
  accuracy_sum += other.accuracy_sum;
  device += other.device;
  energy += other.energy;
  latency.Merge(other.latency);
}

double Tally::AdmittedViolationRate() const {
  const std::uint64_t admitted = arrived - refused;
  return Share(admitted - kept, admitted);
}

double Tally::ViolationRate() const { return Share(arrived - kept, arrived); }

double Tally::MeanAccuracy() const {
  return answered == 0 ? 0.0 : accuracy_sum / static_cast<double>(answered);
}

std::string ExitShares(const Tally& tally, std::string_view separator) {
  std::vector<std::string> shares;
  for (const std::uint64_t count : tally.exits) {
    shares.push_back(fmt::format(
        "{:.0f}", 100.0 * static_cast<double>(count) / static_cast<double>(tally.answered)));
  }
  return shares.empty() ? "-" : fmt::format("{}", fmt::join(shares, separator));
}

}  // namespace delen::workload
