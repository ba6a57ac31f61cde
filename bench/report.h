// The figures of one benchmark: printed as they come, written as one JSON object.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"

namespace delen::bench {

class Report {
 public:
  // `about` says what was measured on what; it stands first in the file.
  explicit Report(nlohmann::ordered_json about) { json_["about"] = std::move(about); }

  // A figure that is asked for, with its unit and what it should be.
  void Figure(const std::string& name, double value, const std::string& unit,
              const std::string& expected);
  // A figure that could not be measured here, and why.
  void Missing(const std::string& name, const std::string& why);
  // What stands behind the figures: tables, spreads, seeds.
  nlohmann::ordered_json& details(const std::string& name) { return json_["details"][name]; }

  Status Write(const std::filesystem::path& file) const;

 private:
  nlohmann::ordered_json json_;
};

// Median and the middle half of a sample, for `details`.
nlohmann::ordered_json Spread(const std::vector<double>& samples);

}  // namespace delen::bench
