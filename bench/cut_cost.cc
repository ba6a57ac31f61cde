#include "cut_cost.h"

#include <memory>
#include <random>

#include "backend/ort/ort_backend.h"
#include "backend/ort/tensor_memory.h"
#include "base/clock.h"

namespace delen::bench {
namespace {

core::Shape OneRow(const core::TensorSpec& input) {
  core::Shape shape = input.shape;
  for (std::int64_t& axis : shape) {
    if (axis == -1) axis = 1;
  }
  return shape;
}

// Values between 0 and 1, like a picture's.
void FillLikeAPicture(std::span<std::byte> bytes) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform;
  auto* const values = reinterpret_cast<float*>(bytes.data());
  for (std::size_t i = 0; i < bytes.size() / sizeof(float); ++i) values[i] = uniform(random);
}

// The uncut graph with its last exit bound.
class Monolith {
 public:
  static Result<Monolith> Open(Ort::Env& environment, const std::filesystem::path& file,
                               const core::ModelSpec& spec, core::Shape output_shape,
                               int threads) try {
    Result<backend::TensorMemory> input =
        backend::TensorMemory::Make(spec.inputs[0].datatype, OneRow(spec.inputs[0]));
    if (!input) return std::move(input).error();
    Result<backend::TensorMemory> output =
        backend::TensorMemory::Make(spec.output.datatype, std::move(output_shape));
    if (!output) return std::move(output).error();
    FillLikeAPicture(input->bytes());
    Monolith monolith{Ort::Session(environment, file.c_str(), backend::MakeSessionOptions(threads)),
                      *std::move(input), *std::move(output), spec.inputs[0].name,
                      spec.exits.back()};
    return monolith;
  } catch (const Ort::Exception& failure) {
    return Internal("{}: {}", file.string(), failure.what());
  }

  void Run() {
    const char* const input_name = input_name_.c_str();
    const char* const output_name = output_name_.c_str();
    const OrtValue* const input = input_.value();
    OrtValue* output = output_.value();
    Ort::ThrowOnError(
        Ort::GetApi().Run(session_, nullptr, &input_name, &input, 1, &output_name, 1, &output));
  }

  Monolith(Ort::Session session, backend::TensorMemory input, backend::TensorMemory output,
           std::string input_name, std::string output_name)
      : session_(std::move(session)),
        input_(std::move(input)),
        output_(std::move(output)),
        input_name_(std::move(input_name)),
        output_name_(std::move(output_name)) {}

 private:
  Ort::Session session_;
  backend::TensorMemory input_;
  backend::TensorMemory output_;
  std::string input_name_;
  std::string output_name_;
};

}  // namespace

Result<CutCost> MeasureCutCost(const core::ModelVersion& staged, const std::filesystem::path& uncut,
                               int threads, int passes) {
  constexpr int kWarmUp = 5;
  Result<std::unique_ptr<backend::OrtBackend>> backend =
      backend::OrtBackend::Open({.threads = threads});
  if (!backend) return std::move(backend).error();
  Result<std::unique_ptr<backend::LoadedModel>> model = (*backend)->Load(staged, threads);
  if (!model) return std::move(model).error();
  const std::vector<core::Shape> shapes = {OneRow(staged.spec.inputs[0])};
  Result<std::unique_ptr<backend::Workspace>> workspace = (*model)->NewWorkspace(shapes);
  if (!workspace) return std::move(workspace).error();
  FillLikeAPicture((*workspace)->input(0));
  const int last = staged.spec.exit_count() - 1;
  const backend::ExitOutput output = (*workspace)->exit_output(last);
  Result<Monolith> monolith = Monolith::Open((*backend)->environment(), uncut, staged.spec,
                                             {output.shape.begin(), output.shape.end()}, threads);
  if (!monolith) return std::move(monolith).error();

  const SteadyClock clock;
  CutCost cost;
  for (int pass = -kWarmUp; pass < passes; ++pass) {
    const TimePoint start = clock.Now();
    for (int stage = 0; stage <= last; ++stage) {
      if (Status ran = (*model)->RunStage(stage, **workspace); !ran) return std::move(ran).error();
    }
    const TimePoint middle = clock.Now();
    monolith->Run();
    const TimePoint end = clock.Now();
    if (pass < 0) continue;
    cost.staged_ms.push_back(InMilliseconds(middle - start));
    cost.monolithic_ms.push_back(InMilliseconds(end - middle));
  }
  return cost;
}

}  // namespace delen::bench
