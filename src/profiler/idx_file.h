// IDX, the plain array format of MNIST: a header with the shape, then the
// elements, row by row (docs/formats.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/tensor.h"

namespace delen::profiler {

struct IdxHeader {
  std::uint8_t type = 0;       // kIdxUint8, kIdxInt32
  core::Shape shape;           // one to four axes
  std::size_t data_begin = 0;  // where the elements start
};

inline constexpr std::uint8_t kIdxUint8 = 0x08;
inline constexpr std::uint8_t kIdxInt32 = 0x0C;

// Whether `bytes` start like an IDX file of any kind.
bool LooksLikeIdx(std::string_view bytes);

// Errors: kInvalidArgument when the header is not one of ours, or promises more
//         or fewer bytes than follow. `source` names the file in messages.
Result<IdxHeader> ParseIdxHeader(std::string_view bytes, std::string_view source);

// The labels of an IDX file of one axis.
// Errors: as above, and when there is more than one axis.
Result<std::vector<std::int32_t>> ParseIdxLabels(std::string_view bytes, std::string_view source);

}  // namespace delen::profiler
