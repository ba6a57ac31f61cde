#include "executor/model_repository.h"

#include <utility>

namespace delen::executor {

void ModelRepository::Add(std::shared_ptr<ServedModel> model) {
  const core::ModelVersion& version = model->version();
  const MutexLock lock(mutex_);
  models_[version.spec.name][version.version] = std::move(model);
}

Result<std::shared_ptr<ServedModel>> ModelRepository::Get(std::string_view name,
                                                          int version) const {
  const MutexLock lock(mutex_);
  const auto model = models_.find(name);
  if (model == models_.end()) return NotFound("Request for unknown model: '{:.128}'", name);
  const ByVersion& versions = model->second;
  if (version == 0) return versions.rbegin()->second;
  const auto found = versions.find(version);
  if (found == versions.end()) {
    return NotFound("Request for unknown model: '{}' has no version {}, newest is {}", name,
                    version, versions.rbegin()->first);
  }
  return found->second;
}

Result<std::shared_ptr<const core::ModelVersion>> ModelRepository::Find(std::string_view name,
                                                                        int version) const {
  Result<std::shared_ptr<ServedModel>> model = Get(name, version);
  if (!model) return std::move(model).error();
  const core::ModelVersion* const content = &(*model)->version();
  return std::shared_ptr<const core::ModelVersion>(*std::move(model), content);
}

std::vector<int> ModelRepository::Versions(std::string_view name) const {
  const MutexLock lock(mutex_);
  std::vector<int> versions;
  const auto model = models_.find(name);
  if (model == models_.end()) return versions;
  for (const auto& [version, served] : model->second) versions.push_back(version);
  return versions;
}

}  // namespace delen::executor
