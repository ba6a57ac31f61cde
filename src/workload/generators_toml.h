// The generators of a workload, as tables of a scenario file (docs/formats.md).
#pragma once

#include <functional>
#include <string>

#include "base/document/document_reader.h"
#include "base/result.h"
#include "workload/arrival_process.h"
#include "workload/slowdown_trace.h"

namespace delen::workload {

// The content of a file that a scenario names.
using FileReader = std::function<Result<std::string>(const std::string& name)>;

// `reader` is at the table that has the key `kind`.
Arrivals ReadArrivals(const DocumentReader& reader, const FileReader& files);
Slowdown ReadSlowdown(const DocumentReader& reader, const FileReader& files);

}  // namespace delen::workload
