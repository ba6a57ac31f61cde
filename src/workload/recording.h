// Something recorded over time, as rows of comma-separated numbers.
#pragma once

#include <string_view>
#include <vector>

#include "base/document/document_reader.h"
#include "base/result.h"

namespace delen::workload {

struct RecordingColumn {
  std::string_view name;  // in the header and in messages
  Range range;            // that its numbers are in
};

// The rows of `csv`, each with one number per column; the first column is the
// time and never falls. A header of the columns' names, blank lines and lines
// that start with '#' are passed over.
// Errors: kInvalidArgument with `source`, the line, what it holds and what is
//         expected; also when there is no row at all.
Result<std::vector<std::vector<double>>> ParseRecording(
    std::string_view csv, std::string_view source, const std::vector<RecordingColumn>& columns);

}  // namespace delen::workload
