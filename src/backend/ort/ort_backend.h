// ONNX Runtime as a backend: one environment and one thread pool for the process.
#pragma once

#include <onnxruntime_cxx_api.h>

#include <memory>
#include <string>

#include "backend/backend.h"

namespace delen::backend {

struct OrtOptions {
  // Threads of the pool that all sessions share, the lane's own included.
  int threads = 1;
  // Whether idle threads of the pool spin a while before they sleep: quicker to
  // start on the next operator, at the price of a busy core.
  bool spinning = true;
};

// Sessions never own threads: with a pool per session, the pools of idle stages
// spin and fight the running one for the cores. A model loaded with one thread
// runs on the lane's thread alone; any other uses the shared pool.
//
// Threads: Load may be called from any thread.
class OrtBackend final : public Backend {
 public:
  static Result<std::unique_ptr<OrtBackend>> Open(const OrtOptions& options);

  Result<std::unique_ptr<LoadedModel>> Load(const core::ModelVersion& model, int threads) override;

  int threads() const { return options_.threads; }
  // For sessions of the caller's own beside the models', on the same pool.
  Ort::Env& environment() { return environment_; }

 private:
  OrtBackend(const OrtOptions& options, Ort::Env environment)
      : options_(options), environment_(std::move(environment)) {}

  OrtOptions options_;
  Ort::Env environment_;
};

// "onnxruntime 1.24.3": the library's own version.
std::string RuntimeVersion();

// What every session of this program is opened with; `threads` as for Load.
Ort::SessionOptions MakeSessionOptions(int threads);

}  // namespace delen::backend
