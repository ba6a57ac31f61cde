#include "metrics/families.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.h"

namespace delen::metrics {
namespace {

// The cells of a row of a Markdown table, without blanks and backquotes around
// them; nothing when the line is no row.
std::vector<std::string> Cells(std::string_view line) {
  std::vector<std::string> cells;
  if (!line.starts_with('|')) return cells;
  std::istringstream in{std::string(line.substr(1))};
  for (std::string cell; std::getline(in, cell, '|');) {
    const std::size_t first = std::min(cell.find_first_not_of(" `"), cell.size());
    const std::size_t last = cell.find_last_not_of(" `");
    cells.push_back(last == std::string::npos ? "" : cell.substr(first, last + 1 - first));
  }
  return cells;
}

// Name, type and labels.
using Row = std::array<std::string, 3>;

std::set<Row> DocumentedRows() {
  std::istringstream page(ReadFile(DELEN_SOURCE_DIR "/docs/metrics.md").value());
  std::set<Row> rows;
  for (std::string line; std::getline(page, line);) {
    const std::vector<std::string> cells = Cells(line);
    if (cells.size() != 5 || cells[0].find('_') == std::string::npos) continue;
    rows.insert({cells[0], cells[1], cells[2]});
  }
  return rows;
}

TEST(FamiliesTest, ThePageHasAllOfThemAndNoOthers) {
  std::set<Row> rows;
  for (const FamilySpec& spec : AllFamilies()) {
    rows.insert({std::string(spec.name), std::string(Name(spec.type)), std::string(spec.labels)});
  }
  EXPECT_EQ(DocumentedRows(), rows);
  EXPECT_EQ(rows.size(), AllFamilies().size());
}

TEST(FamiliesTest, CountersAndNothingElseEndInTotal) {
  for (const FamilySpec& spec : AllFamilies()) {
    EXPECT_EQ(spec.name.ends_with("_total"), spec.type == prometheus::MetricType::Counter)
        << spec.name;
    EXPECT_TRUE(spec.help.ends_with('.')) << spec.name;
  }
}

}  // namespace
}  // namespace delen::metrics
