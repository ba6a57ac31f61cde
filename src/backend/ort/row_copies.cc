#include "backend/ort/row_copies.h"

#include <cstring>

namespace delen::backend {
namespace {

std::span<std::byte> BytesOf(std::size_t tensor, const Workspace& workspace) {
  return static_cast<const OrtWorkspace&>(workspace).tensors()[tensor].bytes();
}

}  // namespace

Status CheckRowsAddUp(std::span<const std::size_t> tensors, std::span<Workspace* const> parts,
                      const OrtWorkspace& whole) {
  for (const std::size_t tensor : tensors) {
    std::size_t sum = 0;
    for (const Workspace* const part : parts) sum += BytesOf(tensor, *part).size();
    const std::size_t expected = BytesOf(tensor, whole).size();
    if (sum != expected) {
      return InvalidArgument("the rows of {} parts have {} bytes in a tensor, expected {}",
                             parts.size(), sum, expected);
    }
  }
  return {};
}

void JoinRows(std::size_t tensor, std::span<Workspace* const> parts, const OrtWorkspace& whole) {
  std::byte* rows = BytesOf(tensor, whole).data();
  for (const Workspace* const part : parts) {
    const std::span<const std::byte> own = BytesOf(tensor, *part);
    std::memcpy(rows, own.data(), own.size());
    rows += own.size();
  }
}

void SplitRows(std::size_t tensor, const OrtWorkspace& whole, std::span<Workspace* const> parts) {
  const std::byte* rows = BytesOf(tensor, whole).data();
  for (const Workspace* const part : parts) {
    const std::span<std::byte> own = BytesOf(tensor, *part);
    std::memcpy(own.data(), rows, own.size());
    rows += own.size();
  }
}

}  // namespace delen::backend
