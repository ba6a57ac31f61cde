// What the protocol's metadata endpoints tell of the server and its models.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model_spec.h"

namespace delen::frontend {

// The JSON of GET /v2.
std::string ServerMetadata(std::string_view version);

// The JSON of GET /v2/models/NAME. `versions` are those being served.
std::string ModelMetadata(const core::ModelSpec& model, const std::vector<int>& versions);

}  // namespace delen::frontend
