// A catalog of models made by a test.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model_catalog.h"

namespace delen::frontend::testing {

class FakeModelCatalog final : public core::ModelCatalog {
 public:
  void Add(core::ModelVersion model) {
    models_.push_back(std::make_shared<const core::ModelVersion>(std::move(model)));
  }

  Result<std::shared_ptr<const core::ModelVersion>> Find(std::string_view name,
                                                         int version) const override {
    std::shared_ptr<const core::ModelVersion> found;
    for (const auto& model : models_) {
      if (model->spec.name == name && (version == 0 || model->version == version)) found = model;
    }
    if (found == nullptr) return NotFound("Request for unknown model: '{}'", name);
    return found;
  }

  std::vector<int> Versions(std::string_view name) const override {
    std::vector<int> versions;
    for (const auto& model : models_) {
      if (model->spec.name == name) versions.push_back(model->version);
    }
    return versions;
  }

 private:
  std::vector<std::shared_ptr<const core::ModelVersion>> models_;
};

// A model of 1 to any number of rows of `row_elements` numbers, sent back as they are.
inline core::ModelVersion EchoModel(std::string name, std::int64_t row_elements, int version = 1) {
  core::ModelVersion model;
  model.spec.name = std::move(name);
  model.spec.inputs = {{"x", core::DataType::kFp32, {-1, row_elements}}};
  model.spec.output = {"y", core::DataType::kFp32, {-1, row_elements}};
  model.spec.exits = {"exit_0", "exit_1"};
  model.version = version;
  return model;
}

}  // namespace delen::frontend::testing
