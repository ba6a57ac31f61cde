#include "workload/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/document/decimal.h"

namespace delen::workload {
namespace {

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::vector<std::string_view> Split(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t comma = line.find(',');
    cells.push_back(Trim(line.substr(0, comma)));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

// Reads the lines of one recording.
class RecordingParser {
 public:
  RecordingParser(std::string_view source, const std::vector<RecordingColumn>& columns)
      : source_(source), columns_(columns) {}

  Status ReadLine(std::string_view line) {
    ++line_number_;
    line = Trim(line);
    if (line.empty() || line.front() == '#') return {};
    const std::vector<std::string_view> cells = Split(line);
    const bool first = std::exchange(first_, false);
    return first && IsHeader(cells) ? Status() : ReadRow(cells);
  }

  Result<std::vector<std::vector<double>>> Finish() && {
    if (rows_.empty()) {
      return InvalidArgument("{}: no rows, expected at least one of {}", source_, Names());
    }
    return std::move(rows_);
  }

 private:
  bool IsHeader(const std::vector<std::string_view>& cells) const {
    return std::equal(
        cells.begin(), cells.end(), columns_.begin(), columns_.end(),
        [](std::string_view cell, const RecordingColumn& column) { return cell == column.name; });
  }

  Status ReadRow(const std::vector<std::string_view>& cells) {
    if (cells.size() != columns_.size()) {
      return InvalidArgument("{}:{}: {} columns, expected {} ({})", source_, line_number_,
                             cells.size(), columns_.size(), Names());
    }
    std::vector<double> row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::optional<double> number = ParseDecimal(cells[i]);
      if (!number || !(*number >= columns_[i].range.low && *number <= columns_[i].range.high)) {
        return InvalidArgument("{}:{}: {} is '{:.64}', expected {}", source_, line_number_,
                               columns_[i].name, cells[i], Describe(columns_[i].range));
      }
      row.push_back(*number);
    }
    return Append(std::move(row));
  }

  Status Append(std::vector<double> row) {
    if (!rows_.empty() && row[0] < rows_.back()[0]) {
      return InvalidArgument("{}:{}: {} is {}, expected at least {}, as in the row before", source_,
                             line_number_, columns_[0].name, row[0], rows_.back()[0]);
    }
    rows_.push_back(std::move(row));
    return {};
  }

  static std::string Describe(Range range) {
    if (range.high == std::numeric_limits<double>::max()) {
      return fmt::format("a number of at least {}", range.low);
    }
    return fmt::format("a number from {} to {}", range.low, range.high);
  }

  std::string Names() const {
    std::string names;
    for (const RecordingColumn& column : columns_) {
      if (!names.empty()) names += ',';
      names += column.name;
    }
    return names;
  }

  std::string_view source_;
  const std::vector<RecordingColumn>& columns_;
  int line_number_ = 0;
  bool first_ = true;
  std::vector<std::vector<double>> rows_;
};

}  // namespace

Result<std::vector<std::vector<double>>> ParseRecording(
    std::string_view csv, std::string_view source, const std::vector<RecordingColumn>& columns) {
  RecordingParser parser(source, columns);
  while (!csv.empty()) {
    const std::string_view line = csv.substr(0, csv.find('\n'));
    if (const Status status = parser.ReadLine(line); !status) return status.error();
    csv.remove_prefix(std::min(line.size() + 1, csv.size()));
  }
  return std::move(parser).Finish();
}

}  // namespace delen::workload
