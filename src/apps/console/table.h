// A table in plain text, its columns aligned.
#pragma once

#include <string>
#include <vector>

namespace delen::apps {

// A column of numbers stands to the right, any other to the left; a column of
// numbers is one whose cells, the empty and "-" aside, all start like a number.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}

  // Missing cells at the end are empty.
  void AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  // All lines, each ended by '\n', none by spaces.
  std::string Text() const;

 private:
  std::vector<std::vector<std::string>> rows_;  // the header first
};

}  // namespace delen::apps
