// What a frontend may know of the models that are being served.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/model_folder.h"

namespace delen::core {

// Threads: all methods may be called from any thread. A ModelVersion stays
//          valid as long as the pointer to it is held.
class ModelCatalog {
 public:
  virtual ~ModelCatalog() = default;

  // The version asked for; 0 means the newest.
  // Errors: kNotFound, starting with "Request for unknown model".
  virtual Result<std::shared_ptr<const ModelVersion>> Find(std::string_view name,
                                                           int version) const = 0;
  // The versions being served, ascending; empty when there is no such model.
  virtual std::vector<int> Versions(std::string_view name) const = 0;
};

}  // namespace delen::core
