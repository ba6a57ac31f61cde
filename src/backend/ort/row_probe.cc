#include "backend/ort/row_probe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>

#include "backend/ort/ort_workspace.h"

namespace delen::backend {
namespace {

// By row. Far enough apart that the largest drowns the others in any sum.
constexpr std::array<float, 4> kMagnitudes = {1.0F / 256.0F, 1.0F / 16.0F, 1.0F, 16.0F};
// Above what another order of the same additions makes of a row.
constexpr float kTolerance = 1e-4F;

bool HasOnlyTheBatchFree(const core::TensorSpec& input) {
  return !input.shape.empty() && input.shape[0] == -1 &&
         std::all_of(input.shape.begin() + 1, input.shape.end(),
                     [](std::int64_t axis) { return axis > 0; });
}

bool CanBeFilled(const core::TensorSpec& input) {
  switch (input.datatype) {
    case core::DataType::kFp16:
    case core::DataType::kBf16:
    case core::DataType::kFp64:
    case core::DataType::kBytes: return false;
    default: return true;
  }
}

std::span<std::byte> RowOf(std::span<std::byte> bytes, std::size_t row) {
  const std::size_t size = bytes.size() / kMagnitudes.size();
  return bytes.subspan(row * size, size);
}

// Integers become 0 or 1, which are tokens, switches and pixels alike.
void Fill(std::span<std::byte> row, core::DataType type, float magnitude, std::mt19937& random) {
  const std::size_t width = core::ElementSize(type);
  for (std::size_t at = 0; at < row.size(); at += width) {
    if (type == core::DataType::kFp32) {
      const float value = std::uniform_real_distribution<float>(-magnitude, magnitude)(random);
      std::memcpy(&row[at], &value, sizeof(value));
    } else {
      row[at] = static_cast<std::byte>(random() % 2);  // the lowest byte of zeros
    }
  }
}

Result<std::unique_ptr<Workspace>> MakeWorkspace(LoadedModel& model,
                                                 std::span<const core::TensorSpec> inputs,
                                                 std::size_t rows) {
  std::vector<core::Shape> shapes;
  for (const core::TensorSpec& input : inputs) {
    shapes.push_back(input.shape);
    shapes.back()[0] = static_cast<std::int64_t>(rows);
  }
  return model.NewWorkspace(shapes);
}

bool RunAll(LoadedModel& model, int stages, Workspace& workspace) {
  for (int stage = 0; stage < stages; ++stage) {
    if (!model.RunStage(stage, workspace)) return false;
  }
  return true;
}

bool ShapesFit(std::span<const std::int64_t> one, std::span<const std::int64_t> all) {
  return !one.empty() && one.size() == all.size() && one[0] == 1 &&
         all[0] == static_cast<std::int64_t>(kMagnitudes.size()) &&
         std::equal(one.begin() + 1, one.end(), all.begin() + 1);
}

bool AreClose(std::span<const std::byte> a, std::span<const std::byte> b) {
  const std::span<const float> left(reinterpret_cast<const float*>(a.data()), a.size() / 4);
  const std::span<const float> right(reinterpret_cast<const float*>(b.data()), b.size() / 4);
  float largest = 1.0F;
  for (const float value : left) largest = std::max(largest, std::abs(value));
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [&](float x, float y) {
    return std::abs(x - y) <= kTolerance * largest;  // false for NaN
  });
}

bool IsTheSameRow(const TensorMemory& one, const TensorMemory& all, std::size_t row) {
  if (one.datatype() != all.datatype() || !ShapesFit(one.shape(), all.shape())) return false;
  const std::span<const std::byte> alone = one.bytes();
  const std::span<const std::byte> among_others = RowOf(all.bytes(), row);
  if (one.datatype() == core::DataType::kFp32) return AreClose(alone, among_others);
  return std::equal(alone.begin(), alone.end(), among_others.begin(), among_others.end());
}

bool SameTensors(const Workspace& one, const Workspace& all, std::size_t row) {
  const auto alone = static_cast<const OrtWorkspace&>(one).tensors();
  const auto together = static_cast<const OrtWorkspace&>(all).tensors();
  return std::equal(alone.begin(), alone.end(), together.begin(), together.end(),
                    [&](const auto& a, const auto& b) { return IsTheSameRow(a, b, row); });
}

}  // namespace

bool RowsAreIndependent(LoadedModel& model, std::span<const core::TensorSpec> inputs, int stages) {
  if (!std::all_of(inputs.begin(), inputs.end(), HasOnlyTheBatchFree)) return false;
  if (!std::all_of(inputs.begin(), inputs.end(), CanBeFilled)) return false;
  const auto all = MakeWorkspace(model, inputs, kMagnitudes.size());
  const auto one = MakeWorkspace(model, inputs, 1);
  if (!all || !one) return false;
  std::mt19937 random;  // the same numbers each time
  for (std::size_t row = 0; row < kMagnitudes.size(); ++row) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      Fill(RowOf((*all)->input(i), row), inputs[i].datatype, kMagnitudes[row], random);
    }
  }
  if (!RunAll(model, stages, **all)) return false;
  for (std::size_t row = 0; row < kMagnitudes.size(); ++row) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const std::span<const std::byte> from = RowOf((*all)->input(i), row);
      std::copy(from.begin(), from.end(), (*one)->input(i).begin());
    }
    if (!RunAll(model, stages, **one) || !SameTensors(**one, **all, row)) return false;
  }
  return true;
}

}  // namespace delen::backend
