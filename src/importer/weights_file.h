// The file that the large initialisers of all stages of one version share. Each
// distinct content is stored once, on a page of its own, so that the runtime
// can map the file and share its pages between stages.
#pragma once

#include <onnx/onnx_pb.h>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "importer/tensor_bytes.h"

namespace delen::importer {

inline constexpr char kWeightsFileName[] = "weights.bin";

// Tensors below this size stay in their stage's own file.
inline constexpr std::size_t kMinExternalBytes = 1024;
// Offsets are multiples of this.
inline constexpr std::uint64_t kWeightAlignment = 4096;

// Memory:  `out` and `source` must outlive it, and so must the tensors given
//          to Place.
// Threads: not thread-safe.
class WeightsFile {
 public:
  WeightsFile(std::ostream& out, TensorSource& source) : out_(out), source_(source) {}

  // `tensor` under `name` as a stage should hold it: small ones inline, larger
  // ones as a reference to this file, their bytes written unless they are there
  // already.
  // Errors: those of TensorSource::Find.
  Result<onnx::TensorProto> Place(std::string_view name, const onnx::TensorProto& tensor);

  // Bytes written so far.
  std::uint64_t size() const { return size_; }

 private:
  struct Stored {
    TensorBytes bytes;
    std::uint64_t offset;
  };
  std::uint64_t Store(TensorBytes bytes);

  std::ostream& out_;
  TensorSource& source_;
  std::uint64_t size_ = 0;
  std::unordered_multimap<std::size_t, Stored> stored_;  // by the hash of the content
};

}  // namespace delen::importer
