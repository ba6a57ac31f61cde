#include "profiler/machine.h"

#include <fstream>
#include <string_view>
#include <thread>
#include <utility>

namespace delen::profiler {
namespace {

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

// The value of a line "key : value"; empty for any other.
std::string_view ValueOf(std::string_view line, std::string_view key) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || Trimmed(line.substr(0, colon)) != key) return {};
  return Trimmed(line.substr(colon + 1));
}

// x86 names each processor ("model name"); boards with ARM cores name themselves
// once ("Model").
std::string ProcessorName(const std::filesystem::path& cpuinfo) {
  std::ifstream in(cpuinfo);
  std::string board;
  for (std::string line; std::getline(in, line);) {
    if (const std::string_view name = ValueOf(line, "model name"); !name.empty()) {
      return std::string(name);
    }
    if (const std::string_view name = ValueOf(line, "Model"); !name.empty()) board = name;
  }
  return board;
}

}  // namespace

core::Machine DescribeMachine(std::string runtime, const std::filesystem::path& proc) {
  return {.cpu = ProcessorName(proc / "cpuinfo"),
          .cores = static_cast<int>(std::thread::hardware_concurrency()),
          .runtime = std::move(runtime)};
}

}  // namespace delen::profiler
