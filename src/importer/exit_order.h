// Which exit comes before which, told from the graph alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "importer/graph_index.h"

namespace delen::importer {

// For each node the exits it works for: bit e is set when `exits[e]` depends
// on it. At most 32 exits.
std::vector<std::uint32_t> ExitsServedBy(const GraphIndex& index,
                                         const std::vector<std::string>& exits);

// `exits` from shallow to deep. What an exit shares with other exits is its
// trunk; trunks must nest, and the exit with the smaller trunk comes first. Of
// two with the same trunk (the last two always have), the one with less work
// of its own comes first. `node_flops` has one figure per node of `index`.
//
// Errors: kInvalidArgument when an exit is no computed tensor, two exits leave
//         the same node, or their trunks do not nest.
Result<std::vector<std::string>> OrderExits(const GraphIndex& index,
                                            const std::vector<std::string>& exits,
                                            const std::vector<double>& node_flops);

}  // namespace delen::importer
