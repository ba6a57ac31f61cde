// Running the stages of an imported model one after the other gives, at every
// exit, what the uncut model gives.
#include <gtest/gtest.h>
#include <onnxruntime_cxx_api.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "importer/import_model.h"
#include "importer/testing/example_graphs.h"

namespace delen::importer {
namespace {

namespace fs = std::filesystem;

constexpr float kTolerance = 1e-4F;

Ort::Env& Environment() {
  static Ort::Env environment(ORT_LOGGING_LEVEL_ERROR, "staged_exactness_test");
  return environment;
}

// A float tensor with its elements.
struct FloatTensor {
  std::vector<std::int64_t> shape;
  std::vector<float> elements;
};

// The tensors of one run by name, as the server's workspace keeps them.
using Tensors = std::map<std::string, Ort::Value>;

FloatTensor Copy(const Ort::Value& value) {
  const auto info = value.GetTensorTypeAndShapeInfo();
  const float* data = value.GetTensorData<float>();
  return {info.GetShape(), std::vector<float>(data, data + info.GetElementCount())};
}

Ort::Value View(FloatTensor& tensor) {
  static const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  return Ort::Value::CreateTensor<float>(memory, tensor.elements.data(), tensor.elements.size(),
                                         tensor.shape.data(), tensor.shape.size());
}

Ort::Session Open(const fs::path& path) {
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(1);
  return Ort::Session(Environment(), path.c_str(), options);
}

// Takes the session's inputs from `tensors` and adds its outputs to them.
void Run(Ort::Session& session, Tensors& tensors) {
  Ort::AllocatorWithDefaultOptions allocator;
  std::vector<std::string> input_names;
  std::vector<std::string> output_names;
  for (std::size_t i = 0; i < session.GetInputCount(); ++i) {
    input_names.emplace_back(session.GetInputNameAllocated(i, allocator).get());
  }
  for (std::size_t i = 0; i < session.GetOutputCount(); ++i) {
    output_names.emplace_back(session.GetOutputNameAllocated(i, allocator).get());
  }
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
  std::vector<const OrtValue*> given;
  for (const auto& name : input_names) {
    inputs.push_back(name.c_str());
    given.push_back(tensors.at(name));
  }
  for (const auto& name : output_names) outputs.push_back(name.c_str());
  std::vector<OrtValue*> made(outputs.size(), nullptr);
  Ort::ThrowOnError(Ort::GetApi().Run(session, nullptr, inputs.data(), given.data(), given.size(),
                                      outputs.data(), outputs.size(), made.data()));
  for (std::size_t i = 0; i < made.size(); ++i) {
    tensors.insert_or_assign(output_names[i], Ort::Value(made[i]));
  }
}

// Random inputs with `batch` rows; other free axes get this length as well.
std::map<std::string, FloatTensor> RandomInputs(const core::ModelSpec& spec, std::int64_t batch) {
  std::mt19937 random(static_cast<unsigned>(batch));
  std::normal_distribution<float> numbers;
  std::map<std::string, FloatTensor> inputs;
  for (const core::TensorSpec& input : spec.inputs) {
    FloatTensor tensor{input.shape, {}};
    std::replace(tensor.shape.begin(), tensor.shape.end(), std::int64_t{-1}, batch);
    tensor.elements.resize(*core::ElementCount(tensor.shape));
    for (float& element : tensor.elements) element = numbers(random);
    inputs.emplace(input.name, std::move(tensor));
  }
  return inputs;
}

Tensors Views(std::map<std::string, FloatTensor>& inputs) {
  Tensors views;
  for (auto& [name, tensor] : inputs) views.emplace(name, View(tensor));
  return views;
}

float MaxDifference(const FloatTensor& a, const FloatTensor& b) {
  if (a.shape != b.shape) return INFINITY;
  float largest = 0.0F;
  for (std::size_t i = 0; i < a.elements.size(); ++i) {
    const float difference = std::abs(a.elements[i] - b.elements[i]);
    if (std::isnan(difference)) return INFINITY;
    largest = std::max(largest, difference);
  }
  return largest;
}

// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& name)
      : path_(fs::temp_directory_path() / fmt::format("delen_exact_{}_{}", getpid(), name)) {
    fs::create_directories(path_);
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Imports the file and compares every exit at batch 1 and 7.
void ExpectStagedIsExact(const fs::path& model_file, const std::string& name) {
  const TemporaryFolder models(name);
  ImportRequest request;
  request.model_file = model_file;
  request.models = models.path();
  request.name = name;
  const Result<ImportedModel> imported = ImportModel(request);
  ASSERT_TRUE(imported) << imported.error().message;
  const core::ModelVersion& model = imported->model;

  Ort::Session uncut = Open(model_file);
  std::vector<Ort::Session> stages;
  for (int stage = 0; stage < model.spec.exit_count(); ++stage) {
    stages.push_back(Open(core::StagePath(model.folder, stage)));
  }
  for (const std::int64_t batch : {1, 7}) {
    std::map<std::string, FloatTensor> inputs = RandomInputs(model.spec, batch);
    Tensors whole = Views(inputs);
    Run(uncut, whole);
    Tensors workspace = Views(inputs);
    for (std::size_t exit = 0; exit < stages.size(); ++exit) {
      Run(stages[exit], workspace);
      const std::string& tensor = model.spec.exits[exit];
      const FloatTensor served = Copy(workspace.at(tensor));
      const float difference = MaxDifference(served, Copy(whole.at(tensor)));
      EXPECT_LE(difference, kTolerance) << tensor << " at batch " << batch;
      EXPECT_TRUE(core::Matches(model.spec.output, served.shape));
    }
  }
}

class StagedExactness : public ::testing::TestWithParam<testing::ExampleGraph> {};

TEST_P(StagedExactness, EveryExitEqualsTheUncutModel) {
  const TemporaryFolder folder(GetParam().name + "_source");
  const fs::path file = folder.path() / "model.onnx";
  std::ofstream(file, std::ios::binary) << GetParam().model.SerializeAsString();
  ExpectStagedIsExact(file, GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(Graphs, StagedExactness, ::testing::ValuesIn(testing::ExampleGraphs()),
                         [](const auto& graph) { return graph.param.name; });

TEST(StagedExactnessOfTrainedModels, Glyphs) {
  const fs::path file = fs::path(DELEN_SOURCE_DIR) / "zoo/glyphs/glyphs.onnx";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  ExpectStagedIsExact(file, "glyphs");
}

TEST(StagedExactnessOfTrainedModels, Cifar10WithFourExits) {
  const char* shared = std::getenv("DELEN_SHARED");
  const fs::path folder = shared != nullptr ? shared : fs::path(DELEN_SOURCE_DIR) / "../shared";
  const fs::path file = folder / "models/cifar10_4exit.onnx";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there (set DELEN_SHARED)";
  ExpectStagedIsExact(file, "cifar10");
}

}  // namespace
}  // namespace delen::importer
