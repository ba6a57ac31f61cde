#include "report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "base/files.h"
#include "base/quantile.h"

namespace delen::bench {

void Report::Figure(const std::string& name, double value, const std::string& unit,
                    const std::string& expected) {
  json_["figures"][name] = {{"value", value}, {"unit", unit}, {"expected", expected}};
  fmt::print("{:<44} {:>12.4f} {:<12} expected {}\n", name, value, unit, expected);
  std::fflush(stdout);
}

void Report::Missing(const std::string& name, const std::string& why) {
  json_["figures"][name] = {{"value", nullptr}, {"missing", why}};
  fmt::print("{:<44} {:>12} {}\n", name, "missing", why);
}

Status Report::Write(const std::filesystem::path& file) const {
  return WriteFileAtomically(file, json_.dump(2) + "\n");
}

nlohmann::ordered_json Spread(const std::vector<double>& samples) {
  std::vector<double> sorted = samples;
  std::sort(sorted.begin(), sorted.end());
  return {{"samples", sorted.size()},
          {"p25", QuantileOfSorted(sorted, 0.25)},
          {"p50", QuantileOfSorted(sorted, 0.50)},
          {"p75", QuantileOfSorted(sorted, 0.75)},
          {"p99", QuantileOfSorted(sorted, 0.99)}};
}

}  // namespace delen::bench
