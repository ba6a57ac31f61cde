// What clients send: a stream of HTTP requests through the reader and the
// endpoints, or the body of an infer request alone, where HTTP's framing would
// keep a mutation from getting far.
//
// Input: one byte that chooses (even: a stream, read that many bytes at a time;
//        odd: a body), then the bytes. A body begins with one more byte: how
//        much of it is JSON, in 255ths; 255 sends no Inference-Header.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "frontend/http/endpoints.h"
#include "frontend/http/request_reader.h"
#include "frontend/oip/infer_response.h"
#include "frontend/testing/fake_model_catalog.h"

namespace {

using namespace delen;
using namespace delen::frontend;

core::ModelVersion TwoInputs() {
  core::ModelVersion model = frontend::testing::EchoModel("two", 3);
  model.spec.inputs.push_back({"b", core::DataType::kBytes, {-1}});
  return model;
}

const core::ModelCatalog& Catalog() {
  static const auto* const catalog = [] {
    auto* made = new frontend::testing::FakeModelCatalog;
    made->Add(frontend::testing::EchoModel("m", 2));
    made->Add(TwoInputs());
    return made;
  }();
  return *catalog;
}

// Reads every byte of what was parsed, so that a sanitizer sees a bad view.
void Touch(const InferCall& call) {
  unsigned sum = 0;
  for (const core::Tensor& tensor : call.request.inputs) {
    for (const std::byte b : tensor.bytes) sum += std::to_integer<unsigned>(b);
    const Result<std::size_t> size = core::ByteCount(tensor.datatype, tensor.shape);
    if (size && *size != tensor.bytes.size()) std::abort();
    core::Response response;
    response.model = "m";
    response.output = tensor;
    std::string text;
    AppendInferResponse(text, response, call.id, (sum & 1U) != 0);
  }
}

void TryBody(std::span<const std::byte> input) {
  if (input.empty()) return;
  const std::size_t part = std::to_integer<std::size_t>(input.front());
  input = input.subspan(1);
  auto bytes = std::make_shared<std::vector<std::byte>>(input.begin(), input.end());
  const RequestBody body{*bytes, bytes};
  std::optional<std::size_t> json_length;
  if (part < 255) json_length = input.size() * part / 254;
  for (const char* const name : {"m", "two"}) {
    const auto call = ParseInferRequest(body, json_length, Catalog().Find(name, 0).value()->spec);
    if (call) Touch(*call);
  }
}

void TryStream(std::span<const std::byte> input, std::size_t step) {
  const Endpoints endpoints(Catalog(), "0");
  RequestReader reader({.header_bytes = 1024, .body_bytes = 8192});
  std::size_t used = 0;
  std::size_t shown = 0;
  while (reader.state() != RequestReader::State::kFailed) {
    const RequestReader::State before = reader.state();
    const std::size_t now = reader.Feed(input.subspan(used, shown - used));
    if (now > shown - used) std::abort();
    used += now;
    if (reader.state() == RequestReader::State::kDone) {
      const auto outcome = endpoints.Handle(reader.head(), reader.TakeBody(), true);
      if (const auto* call = std::get_if<InferCall>(&outcome)) Touch(*call);
      reader.Reset();
    } else if (now == 0 && reader.state() == before) {
      if (shown == input.size()) return;
      shown = std::min(shown + step, input.size());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto input = std::as_bytes(std::span(data, size)).subspan(1);
  if (data[0] % 2 == 0) {
    TryStream(input, std::size_t{data[0]} + 1);
  } else {
    TryBody(input);
  }
  return 0;
}
