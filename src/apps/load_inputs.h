// What the tenants of a load send: labelled pictures, or tensors made up for the
// models that a server has.
#pragma once

#include <string>
#include <vector>

#include "apps/server_address.h"
#include "base/result.h"
#include "client/http_connection.h"
#include "client/load_generator.h"
#include "core/model_spec.h"
#include "workload/scenario.h"

namespace delen::apps {

// The ends of a model as GET /v2/models/NAME tells them; nothing else is set.
// Errors: kInternal when the text tells no such thing.
Result<core::ModelSpec> ParseModelMetadata(const std::string& json);

// Inputs for a server's models.
struct LoadData {
  std::string models = "models";   // folder that says how pictures become inputs
  std::vector<std::string> files;  // "FILES" for all models, or "MODEL=FILES"
};

// The inputs of each tenant of `scenario`; tenants of one model and as many rows
// share them. Models without labelled data get random tensors.
// Errors: kNotFound when the server has no such model or the models folder has
//         none for labelled data, kInvalidArgument when data, rows and models do
//         not fit each other.
Result<std::vector<client::LoadInputs>> MakeLoadInputs(const workload::Scenario& scenario,
                                                       const LoadData& data,
                                                       client::HttpConnection& server);

// Requests of `rows` labelled samples each, from the start of the data.
// Errors: as MakeLoadInputs.
Result<client::LoadInputs> LabelledRequests(const std::string& files, const core::ModelSpec& model,
                                            int rows);

// A few requests of random tensors; the same for the same seed.
// Errors: kUnsupported for inputs of unknown size, kInvalidArgument when the
//         model's batch is not `rows`.
Result<client::LoadInputs> RandomRequests(const core::ModelSpec& model, int rows,
                                          std::uint64_t seed);

}  // namespace delen::apps
