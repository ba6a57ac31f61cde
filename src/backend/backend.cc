#include "backend/backend.h"

namespace delen::backend {

Status LoadedModel::RunStageJoined(int stage, std::span<Workspace* const> parts,
                                   Workspace& /*batch*/) {
  return Unsupported("stage {} of {} runs cannot be joined: the model is not batchable", stage,
                     parts.size());
}

}  // namespace delen::backend
