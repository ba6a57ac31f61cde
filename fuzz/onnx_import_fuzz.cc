// Any bytes as an ONNX model: cut into stages or refused, in memory.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string_view>

#include <google/protobuf/stubs/logging.h>

#include "importer/cut_model.h"
#include "importer/onnx_file.h"

namespace {

// The parser's opinion of each damaged input would fill the terminal.
const auto kOldHandler = google::protobuf::SetLogHandler(nullptr);

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace delen::importer;
  static_cast<void>(kOldHandler);
  const auto model = ParseOnnx({reinterpret_cast<const char*>(data), size});
  if (!model) return 0;
  std::ostringstream weights_bytes;
  TensorSource source("");
  WeightsFile weights(weights_bytes, source);
  const auto cut = CutIntoStages(*model, {}, weights);
  if (!cut) return 0;
  // What was accepted must hold together.
  if (cut->stages.size() != cut->exits.size() || cut->stage_flops.size() != cut->exits.size()) {
    std::abort();
  }
  for (const auto& stage : cut->stages) {
    if (stage.graph().output_size() == 0) std::abort();
  }
  return 0;
}
