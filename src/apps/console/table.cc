#include "apps/console/table.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string_view>

namespace delen::apps {
namespace {

constexpr std::string_view kGap = "  ";

// How many places a text takes: its code points, as none of ours is wide. All
// but the first byte of a code point are 10xxxxxx.
std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned>(c) & 0xc0U) != 0x80U;
  }));
}

bool StartsLikeANumber(std::string_view cell) {
  constexpr std::size_t kMaxSigns = 2;  // "-.5", "~<3"
  const std::size_t digit = cell.find_first_not_of("+-.<~");
  return digit <= kMaxSigns && std::isdigit(static_cast<unsigned char>(cell[digit])) != 0;
}

bool IsBlank(std::string_view cell) { return cell.empty() || cell == "-"; }

struct Column {
  std::size_t width = 0;
  bool numbers = false;
};

Column MeasureColumn(const std::vector<std::vector<std::string>>& rows, std::size_t index) {
  Column column;
  bool any_word = false;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (index >= rows[row].size()) continue;
    const std::string& cell = rows[row][index];
    column.width = std::max(column.width, Width(cell));
    if (row == 0 || IsBlank(cell)) continue;
    (StartsLikeANumber(cell) ? column.numbers : any_word) = true;
  }
  column.numbers = column.numbers && !any_word;
  return column;
}

std::string Line(const std::vector<std::string>& cells, const std::vector<Column>& columns) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += kGap;
    const std::string space(columns[i].width - Width(cells[i]), ' ');
    line += columns[i].numbers ? space + cells[i] : cells[i] + space;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

}  // namespace

std::string Table::Text() const {
  std::size_t column_count = 0;
  for (const auto& row : rows_) column_count = std::max(column_count, row.size());
  std::vector<Column> columns;
  for (std::size_t i = 0; i < column_count; ++i) columns.push_back(MeasureColumn(rows_, i));
  std::string text;
  for (const auto& row : rows_) text += Line(row, columns);
  return text;
}

}  // namespace delen::apps
