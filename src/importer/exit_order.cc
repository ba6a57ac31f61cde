#include "importer/exit_order.h"

#include <algorithm>
#include <bit>
#include <map>
#include <tuple>

namespace delen::importer {
namespace {

using ExitSet = std::uint32_t;

ExitSet SetOf(std::size_t exit) { return ExitSet{1} << exit; }
bool Contains(ExitSet set, std::size_t exit) { return (set & SetOf(exit)) != 0; }
bool IsShared(ExitSet set) { return std::popcount(set) > 1; }

// What the order goes by.
struct Depth {
  std::size_t exit = 0;
  int trunk_nodes = 0;
  double own_flops = 0.0;
  int own_nodes = 0;

  bool operator<(const Depth& other) const {
    return std::tie(trunk_nodes, own_flops, own_nodes, exit) <
           std::tie(other.trunk_nodes, other.own_flops, other.own_nodes, other.exit);
  }
};

Status CheckWriters(const GraphIndex& index, const std::vector<std::string>& exits) {
  std::map<int, std::string> exit_of_writer;
  for (const std::string& exit : exits) {
    const int writer = index.WriterOf(exit);
    if (writer < 0 || index.nodes()[static_cast<std::size_t>(writer)].is_constant) {
      return InvalidArgument("the exit '{:.128}' is not computed from the model's inputs", exit);
    }
    const auto [other, is_new] = exit_of_writer.emplace(writer, exit);
    if (!is_new) {
      return InvalidArgument(
          "the exits '{:.128}' and '{:.128}' leave the same node, with no stage "
          "between them",
          other->second, exit);
    }
  }
  return {};
}

std::vector<Depth> MeasureDepths(const GraphIndex& index, const std::vector<ExitSet>& served,
                                 std::size_t exit_count, const std::vector<double>& node_flops) {
  std::vector<Depth> depths(exit_count);
  for (std::size_t exit = 0; exit < exit_count; ++exit) {
    Depth& depth = depths[exit];
    depth.exit = exit;
    for (std::size_t node = 0; node < served.size(); ++node) {
      if (!Contains(served[node], exit) || index.nodes()[node].is_constant) continue;
      if (IsShared(served[node])) {
        ++depth.trunk_nodes;
      } else {
        ++depth.own_nodes;
        depth.own_flops += node_flops[node];
      }
    }
  }
  return depths;
}

// Each trunk lies within the next.
Status CheckNesting(const GraphIndex& index, const std::vector<ExitSet>& served,
                    const std::vector<std::string>& exits, const std::vector<Depth>& order) {
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    const std::size_t exit = order[i].exit;
    const std::size_t next = order[i + 1].exit;
    if (order[i].trunk_nodes == 0) {
      return InvalidArgument("the exits do not nest: '{:.128}' shares no node with another exit",
                             exits[exit]);
    }
    for (std::size_t node = 0; node < served.size(); ++node) {
      const bool in_trunk = Contains(served[node], exit) && IsShared(served[node]);
      if (!in_trunk || Contains(served[node], next) || index.nodes()[node].is_constant) continue;
      const onnx::NodeProto& proto = *index.nodes()[node].proto;
      return InvalidArgument(
          "the exits do not nest: node '{:.64}' ({:.64}) works for '{:.128}' and a deeper exit, "
          "but not for '{:.128}' between them",
          proto.name(), proto.op_type(), exits[exit], exits[next]);
    }
  }
  return {};
}

}  // namespace

std::vector<ExitSet> ExitsServedBy(const GraphIndex& index, const std::vector<std::string>& exits) {
  std::vector<ExitSet> served(index.nodes().size(), 0);
  for (std::size_t exit = 0; exit < exits.size(); ++exit) {
    const int writer = index.WriterOf(exits[exit]);
    if (writer >= 0) served[static_cast<std::size_t>(writer)] |= SetOf(exit);
  }
  // Readers come after writers, so one walk from the end reaches everything.
  for (std::size_t node = served.size(); node-- > 0;) {
    for (const int before : index.nodes()[node].predecessors) {
      served[static_cast<std::size_t>(before)] |= served[node];
    }
  }
  return served;
}

Result<std::vector<std::string>> OrderExits(const GraphIndex& index,
                                            const std::vector<std::string>& exits,
                                            const std::vector<double>& node_flops) {
  if (const Status writers = CheckWriters(index, exits); !writers) return writers.error();
  const std::vector<ExitSet> served = ExitsServedBy(index, exits);
  std::vector<Depth> order = MeasureDepths(index, served, exits.size(), node_flops);
  std::sort(order.begin(), order.end());
  if (const Status nesting = CheckNesting(index, served, exits, order); !nesting) {
    return nesting.error();
  }
  std::vector<std::string> ordered;
  for (const Depth& depth : order) ordered.push_back(exits[depth.exit]);
  return ordered;
}

}  // namespace delen::importer
