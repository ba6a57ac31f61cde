// The models in memory, by name and version.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "core/model_catalog.h"
#include "executor/served_model.h"

namespace delen::executor {

// Threads: all methods may be called from any thread.
class ModelRepository final : public core::ModelCatalog {
 public:
  // Puts `model` in, in place of what had its name and version. Whoever still
  // holds the replaced one keeps it alive.
  void Add(std::shared_ptr<ServedModel> model);

  // The version asked for; 0 means the newest.
  // Errors: kNotFound, starting with "Request for unknown model".
  Result<std::shared_ptr<ServedModel>> Get(std::string_view name, int version) const;

  Result<std::shared_ptr<const core::ModelVersion>> Find(std::string_view name,
                                                         int version) const override;
  std::vector<int> Versions(std::string_view name) const override;

 private:
  using ByVersion = std::map<int, std::shared_ptr<ServedModel>>;

  mutable Mutex mutex_;
  std::map<std::string, ByVersion, std::less<>> models_ GUARDED_BY(mutex_);
};

}  // namespace delen::executor
