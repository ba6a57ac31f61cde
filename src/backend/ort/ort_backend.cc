#include "backend/ort/ort_backend.h"

#include <utility>

#include "backend/ort/ort_model.h"

namespace delen::backend {

Result<std::unique_ptr<OrtBackend>> OrtBackend::Open(const OrtOptions& options) try {
  Ort::ThreadingOptions threading;
  threading.SetGlobalIntraOpNumThreads(options.threads);
  threading.SetGlobalInterOpNumThreads(1);
  threading.SetGlobalSpinControl(options.spinning ? 1 : 0);
  Ort::Env environment(threading, ORT_LOGGING_LEVEL_ERROR, "delen");
  environment.DisableTelemetryEvents();
  return std::unique_ptr<OrtBackend>(new OrtBackend(options, std::move(environment)));
} catch (const Ort::Exception& failure) {
  return Internal("ONNX Runtime does not start: {}", failure.what());
}

Result<std::unique_ptr<LoadedModel>> OrtBackend::Load(const core::ModelVersion& model,
                                                      int threads) {
  if (threads != 1 && threads != options_.threads) {
    return InvalidArgument("a model runs on 1 thread or on the shared pool's {}, not on {}",
                           options_.threads, threads);
  }
  return OrtModel::Open(environment_, MakeSessionOptions(threads), model);
}

std::string RuntimeVersion() { return "onnxruntime " + Ort::GetVersionString(); }

Ort::SessionOptions MakeSessionOptions(int threads) {
  Ort::SessionOptions options;
  options.SetGraphOptimizationLevel(GraphOptimizationLevel::ORT_ENABLE_ALL);
  options.SetExecutionMode(ORT_SEQUENTIAL);
  if (threads == 1) {
    options.SetIntraOpNumThreads(1);
  } else {
    options.DisablePerSessionThreads();
  }
  return options;
}

}  // namespace delen::backend
