// model.toml, both ways.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/document/decimal.h"
#include "base/document/document_reader.h"
#include "base/files.h"
#include "core/model_folder.h"

namespace delen::core {
namespace {

constexpr int kFormat = 1;
constexpr std::size_t kMaxBytes = std::size_t{4} << 20;
constexpr std::size_t kMaxRank = 16;
constexpr Range kAxis{-1, 2147483647};
constexpr Range kAnyNumber{-1e300, 1e300};

// Longer arrays get a line per item.
constexpr std::size_t kItemsPerLine = 8;

// --- Writing ---

// A TOML basic string.
std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

template <class Items, class Print>
std::string Array(const Items& items, Print print) {
  const bool one_line = items.size() <= kItemsPerLine;
  std::string text = "[";
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (one_line) {
      text += fmt::format("{}{}", i == 0 ? "" : ", ", print(items[i]));
    } else {
      text += fmt::format("\n  {},", print(items[i]));
    }
  }
  return text + (one_line ? "]" : "\n]");
}

std::string Format(const TensorSpec& tensor) {
  return fmt::format(
      "name = {}\ndatatype = \"{}\"\nshape = {}\n", Quote(tensor.name), Name(tensor.datatype),
      Array(tensor.shape, [](std::int64_t axis) { return fmt::format("{}", axis); }));
}

std::string Format(const Preprocessing& preprocessing) {
  const auto number = [](double value) { return Decimal(value); };
  std::string text;
  if (!preprocessing.note.empty()) text += fmt::format("note = {}\n", Quote(preprocessing.note));
  text += fmt::format("scale = {}\n", Decimal(preprocessing.scale));
  if (!preprocessing.mean.empty()) {
    text += fmt::format("mean = {}\n", Array(preprocessing.mean, number));
  }
  if (!preprocessing.std.empty()) {
    text += fmt::format("std = {}\n", Array(preprocessing.std, number));
  }
  return text;
}

// --- Reading ---

TensorSpec ReadTensorSpec(const DocumentReader& reader) {
  reader.AllowKeys({"name", "datatype", "shape"});
  TensorSpec tensor;
  tensor.name = reader.Text("name");
  const std::string datatype = reader.Text("datatype");
  if (const Result<DataType> type = ParseDataType(datatype); type && *type != DataType::kBytes) {
    tensor.datatype = *type;
  } else {
    reader.Reject("datatype", fmt::format("'{:.64}'", datatype),
                  "a fixed-size type of the Open Inference Protocol, such as FP32");
  }
  tensor.shape = reader.Integers("shape", kAxis);
  if (tensor.shape.size() > kMaxRank) {
    reader.Reject("shape", fmt::format("an array of {}", tensor.shape.size()),
                  fmt::format("at most {} axes", kMaxRank));
  }
  if (std::find(tensor.shape.begin(), tensor.shape.end(), 0) != tensor.shape.end()) {
    reader.Reject("shape", ToString(tensor.shape), "axes of -1 (any length) or at least 1");
  }
  return tensor;
}

bool HasDuplicates(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

std::vector<TensorSpec> ReadInputs(const DocumentReader& root) {
  std::vector<TensorSpec> inputs;
  std::vector<std::string> names;
  for (const DocumentReader& reader : root.Tables("inputs")) {
    inputs.push_back(ReadTensorSpec(reader));
    names.push_back(inputs.back().name);
  }
  if (inputs.empty()) root.Reject("inputs", "empty", "at least one input");
  if (HasDuplicates(names)) root.Reject("inputs", "two inputs of one name", "names that differ");
  return inputs;
}

std::vector<std::string> ReadExits(const DocumentReader& root) {
  std::vector<std::string> exits = root.Texts("exits");
  if (exits.empty() || exits.size() > kMaxExits) {
    root.Reject("exits", fmt::format("an array of {}", exits.size()),
                fmt::format("1 to {} names", kMaxExits));
  }
  if (HasDuplicates(exits)) root.Reject("exits", "naming one tensor twice", "names that differ");
  return exits;
}

ScoreKind ReadScores(const DocumentReader& root) {
  const std::string name = root.Text("scores");
  const Result<ScoreKind> kind = ParseScoreKind(name);
  if (kind) return *kind;
  root.Reject("scores", fmt::format("'{:.64}'", name), "logits, probabilities or none");
  return ScoreKind::kNone;
}

Preprocessing ReadPreprocessing(const DocumentReader& reader) {
  reader.AllowKeys({"note", "scale", "mean", "std"});
  Preprocessing preprocessing;
  if (reader.Has("note")) preprocessing.note = reader.Text("note");
  if (reader.Has("scale")) preprocessing.scale = reader.Number("scale", kAnyNumber);
  if (reader.Has("mean")) preprocessing.mean = reader.Numbers("mean", kAnyNumber);
  if (reader.Has("std")) preprocessing.std = reader.Numbers("std", AtLeast(0.0));
  if (std::count(preprocessing.std.begin(), preprocessing.std.end(), 0.0) != 0) {
    reader.Reject("std", "0 for a channel", "numbers above 0");
  }
  const std::size_t means = preprocessing.mean.size();
  const std::size_t stds = preprocessing.std.size();
  if (means != 0 && stds != 0 && means != stds) {
    reader.Reject("std", fmt::format("an array of {}", stds), fmt::format("{}, as in mean", means));
  }
  return preprocessing;
}

// What the fields promise together.
void CheckScores(const DocumentReader& root, const ModelSpec& spec) {
  if (spec.scores == ScoreKind::kNone) return;
  if (spec.output.shape.empty()) {
    root.Reject("output.shape", "[]", "a last axis of classes, since scores is not 'none'");
    return;
  }
  const std::int64_t classes = spec.output.shape.back();
  if (spec.labels.empty() || classes == -1) return;
  if (classes != static_cast<std::int64_t>(spec.labels.size())) {
    root.Reject("labels", fmt::format("an array of {}", spec.labels.size()),
                fmt::format("{}, the output's last axis", classes));
  }
}

ModelSpec ReadModelSpec(const DocumentReader& root) {
  root.AllowKeys(
      {"format", "name", "exits", "scores", "labels", "inputs", "output", "preprocessing"});
  ModelSpec spec;
  spec.name = root.Text("name");
  if (!IsSafeName(spec.name)) {
    root.Reject("name", fmt::format("'{:.64}'", spec.name),
                "at most 128 letters, digits, '.', '_' and '-', not starting with '.'");
  }
  spec.exits = ReadExits(root);
  spec.scores = ReadScores(root);
  if (root.Has("labels")) spec.labels = root.Texts("labels");
  spec.inputs = ReadInputs(root);
  spec.output = ReadTensorSpec(root.Table("output"));
  if (root.Has("preprocessing"))
    spec.preprocessing = ReadPreprocessing(root.Table("preprocessing"));
  CheckScores(root, spec);
  return spec;
}

}  // namespace

std::string FormatModelSpec(const ModelSpec& spec) {
  const auto quote = [](const std::string& text) { return Quote(text); };
  std::string text;
  text += fmt::format("format = {}\n", kFormat);
  text += fmt::format("name = {}\n", Quote(spec.name));
  text += fmt::format("exits = {}\n", Array(spec.exits, quote));
  text += fmt::format("scores = \"{}\"\n", Name(spec.scores));
  if (!spec.labels.empty()) text += fmt::format("labels = {}\n", Array(spec.labels, quote));
  for (const TensorSpec& input : spec.inputs) text += "\n[[inputs]]\n" + Format(input);
  text += "\n[output]\n" + Format(spec.output);
  if (spec.preprocessing != Preprocessing{}) {
    text += "\n[preprocessing]\n" + Format(spec.preprocessing);
  }
  return text;
}

Result<ModelSpec> ParseModelSpec(std::string_view toml, std::string_view source) {
  if (toml.size() > kMaxBytes) {
    return InvalidArgument("{}: {} bytes, at most {} are allowed", source, toml.size(), kMaxBytes);
  }
  const Result<Document> document = ParseToml(toml, source);
  if (!document) return document.error();
  FirstProblem problem;
  const DocumentReader root(*document, std::string(source), "", problem);
  const auto format = root.Integer("format", AtLeast(0));
  if (problem.status() && format != kFormat) {
    return Unsupported("{}: 'format' is {}, this version reads {}", source, format, kFormat);
  }
  ModelSpec spec = ReadModelSpec(root);
  if (const Status status = problem.status(); !status) return status.error();
  return spec;
}

}  // namespace delen::core
