// Tensors as bytes: cut out of a body by sizes, datatypes and shapes that do not
// fit, taken as a raw body, and carried through JSON and back.
//
// Input: datatype, number of axes, one byte per axis, two bytes of size, then
//        the body.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "frontend/oip/binary_framing.h"
#include "frontend/oip/infer_json.h"
#include "frontend/oip/infer_response.h"

namespace {

using namespace delen;
using namespace delen::frontend;

constexpr unsigned kDataTypes = 14;

// Takes single bytes off the front; 0 when there are none.
class Source {
 public:
  explicit Source(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::uint8_t Take() {
    if (bytes_.empty()) return 0;
    const std::uint8_t first = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return first;
  }
  std::span<const std::uint8_t> rest() const { return bytes_; }

 private:
  std::span<const std::uint8_t> bytes_;
};

// Small lengths as they are; the highest bytes stand for what should be refused.
std::int64_t AxisLength(std::uint8_t byte) {
  if (byte < 0xf0) return byte;
  if (byte == 0xff) return -1;
  return INT64_MAX >> (byte & 0x0fU);
}

bool IsFinite(const core::Tensor& tensor) {
  for (std::size_t i = 0; i < tensor.bytes.size(); i += core::ElementSize(tensor.datatype)) {
    double wide = 0;
    float narrow = 0;
    if (tensor.datatype == core::DataType::kFp32) {
      std::memcpy(&narrow, tensor.bytes.data() + i, sizeof(narrow));
      wide = narrow;
    } else {
      std::memcpy(&wide, tensor.bytes.data() + i, sizeof(wide));
    }
    if (!std::isfinite(wide)) return false;
  }
  return true;
}

// Whether the JSON of this tensor reads back as the same bytes.
bool HasExactJson(const core::Tensor& tensor) {
  switch (tensor.datatype) {
    case core::DataType::kFp16:
    case core::DataType::kBf16:
    case core::DataType::kBytes: return false;  // no form in JSON, or not always UTF-8
    case core::DataType::kFp32:
    case core::DataType::kFp64: return IsFinite(tensor);
    default: return true;
  }
}

void RoundTrip(const core::Tensor& tensor) {
  core::Response response;
  response.model = "m";
  response.output = tensor;
  std::string text;
  AppendInferResponse(text, response, "", false);
  if (!HasExactJson(tensor)) return;
  // An answer's outputs have the form of a request's inputs.
  text.replace(text.find("\"outputs\""), 9, "\"inputs\"");
  const Result<InferJson> json = ParseInferJson(text);
  if (!json) std::abort();
  const std::span<const std::byte> back = json->inputs.at(0).data->bytes;
  if (!std::equal(back.begin(), back.end(), tensor.bytes.begin(), tensor.bytes.end())) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Source source({data, size});
  const auto type = static_cast<core::DataType>(source.Take() % kDataTypes);
  core::Shape shape(source.Take() % 5);
  for (std::int64_t& axis : shape) axis = AxisLength(source.Take());
  const std::size_t low = source.Take();
  const std::uint64_t announced = low | std::size_t{source.Take()} << 8U;

  const auto bytes = std::as_bytes(source.rest());
  const auto body = std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
  const std::span<const std::byte> view(*body);

  BinaryFraming framing(view, body);
  for (int i = 0; i < 2; ++i) {
    const Result<core::Tensor> tensor = framing.Next("x", type, shape, announced);
    if (tensor) RoundTrip(*tensor);
  }
  static_cast<void>(framing.Finish());
  const Result<core::Tensor> raw = RawTensor({"x", type, shape}, view, body);
  if (raw) RoundTrip(*raw);
  const Result<std::vector<std::string_view>> texts = BytesElements(view);
  if (texts) {
    for (const std::string_view text : *texts) {
      if (text.size() > view.size()) std::abort();
    }
  }
  return 0;
}
