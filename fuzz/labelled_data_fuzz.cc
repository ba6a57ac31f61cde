// Any bytes as labelled data: read or refused, and what is read can be written
// into an input without leaving its bytes.
//
// Input: two bytes of size, so many bytes of labels file, then the images file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model_spec.h"
#include "profiler/labelled_data.h"

namespace {

using delen::profiler::LabelledBytes;
using delen::profiler::LabelledData;

// A model that takes samples of any shape with these axes.
delen::core::ModelSpec AnyModel(std::size_t axes) {
  delen::core::ModelSpec spec;
  spec.name = "any";
  spec.inputs = {{"input", delen::core::DataType::kFp32, delen::core::Shape(axes + 1, -1)}};
  spec.output = {"output", delen::core::DataType::kFp32, {-1, -1}};
  return spec;
}

void FillAll(LabelledBytes bytes) {
  const delen::core::ModelSpec spec = AnyModel(bytes.shape.size());
  const std::size_t elements = bytes.sample_bytes;
  const auto data = LabelledData::Make(std::move(bytes), spec, "fuzz");
  if (!data) return;
  std::vector<float> input(elements);
  for (std::size_t sample = 0; sample < data->size(); ++sample) data->Fill(sample, input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  if (rest.size() < 2) return 0;
  const std::size_t announced = data[0] | std::size_t{data[1]} << 8U;
  rest.remove_prefix(2);
  const std::string_view labels = rest.substr(0, std::min(announced, rest.size()));
  const std::string images(rest.substr(labels.size()));

  auto idx = delen::profiler::ParseIdx(images, "images", labels, "labels");
  if (idx) FillAll(*std::move(idx));
  auto cifar = delen::profiler::ParseCifar(images, "images");
  if (cifar) FillAll(*std::move(cifar));
  return 0;
}
