#include "apps/load_inputs.h"

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "base/files.h"
#include "core/model_folder.h"
#include "profiler/labelled_data.h"
#include "profiler/random_inputs.h"

namespace delen::apps {
namespace {

using Json = nlohmann::json;
using client::LoadInputs;

constexpr std::uint64_t kRandomRequests = 16;

Result<core::ModelSpec> FetchModel(const std::string& name, client::HttpConnection& server) {
  if (!IsSafeName(name)) return InvalidArgument("'{}' is no name of a model", name);
  const Result<client::HttpReply> reply = server.Get("/v2/models/" + name);
  if (!reply) return reply.error();
  if (reply->status != 200) return client::RefusalOf(reply->status, reply->body);
  return ParseModelMetadata(reply->body);
}

// Of "MODEL=FILES" and "FILES", the files for `model`; empty when there are none.
std::string FilesFor(const std::string& model, const std::vector<std::string>& data) {
  std::string files;
  for (const std::string& entry : data) {
    if (entry.starts_with(model + "=")) return entry.substr(model.size() + 1);
    if (entry.find('=') == std::string::npos) files = entry;
  }
  return files;
}

Result<LoadInputs> MakeInputs(const workload::ScenarioTenant& tenant, const LoadData& data,
                              std::uint64_t seed, client::HttpConnection& server) {
  const Result<core::ModelSpec> served = FetchModel(tenant.model, server);
  if (!served) return served.error();
  const std::string files = FilesFor(tenant.model, data.files);
  if (files.empty()) return RandomRequests(*served, tenant.rows, seed);
  const Result<core::ModelVersion> model = core::OpenModelVersion(data.models, tenant.model);
  if (!model) return WithContext("labelled data needs the model's folder", model.error());
  return LabelledRequests(files, model->spec, tenant.rows);
}

}  // namespace

Result<core::ModelSpec> ParseModelMetadata(const std::string& json) try {
  const Json body = Json::parse(json);
  core::ModelSpec model;
  model.name = body.at("name").get<std::string>();
  for (const Json& input : body.at("inputs")) {
    const auto type = core::ParseDataType(input.at("datatype").get<std::string>());
    if (!type) return type.error();
    model.inputs.push_back({input.at("name"), *type, input.at("shape").get<core::Shape>()});
  }
  return model;
} catch (const Json::exception& failure) {
  return Internal("the model's description cannot be read: {}", failure.what());
}

Result<LoadInputs> LabelledRequests(const std::string& files, const core::ModelSpec& model,
                                    int rows) {
  const Result<profiler::LabelledData> data = profiler::LabelledData::Open(files, model);
  if (!data) return data.error();
  const auto batch = static_cast<std::size_t>(rows);
  const std::size_t count = data->size() / batch;
  if (count == 0) {
    return InvalidArgument("{} has {} samples, expected at least the {} rows of one request",
                           data->source(), data->size(), rows);
  }
  core::Shape shape = data->sample_shape();
  shape.insert(shape.begin(), rows);
  const Result<std::size_t> values = core::ElementCount(shape);
  if (!values) return values.error();
  std::vector<float> samples(*values * count);
  data->Fill(0, samples);
  const auto raw = std::as_bytes(std::span(samples));
  LoadInputs inputs;
  inputs.bytes = std::make_shared<const std::vector<std::byte>>(raw.begin(), raw.end());
  inputs.labels.assign(data->labels().begin(),
                       data->labels().begin() + static_cast<std::ptrdiff_t>(count * batch));
  inputs.tensors = {{.name = model.inputs[0].name,
                     .datatype = core::DataType::kFp32,
                     .shape = std::move(shape),
                     .bytes = std::span(*inputs.bytes).first(*values * sizeof(float)),
                     .owner = inputs.bytes}};
  return inputs;
}

Result<LoadInputs> RandomRequests(const core::ModelSpec& model, int rows, std::uint64_t seed) {
  if (profiler::BatchRows(model, rows) != rows) {
    return InvalidArgument("model '{}' takes {} rows, a request of the scenario has {}", model.name,
                           profiler::BatchRows(model, rows), rows);
  }
  LoadInputs inputs;
  std::vector<std::byte> bytes;
  for (std::uint64_t i = 0; i < kRandomRequests; ++i) {
    Result<std::vector<core::Tensor>> tensors = profiler::RandomInputs(model, rows, seed + i);
    if (!tensors) return std::move(tensors).error();
    for (const core::Tensor& tensor : *tensors) {
      bytes.insert(bytes.end(), tensor.bytes.begin(), tensor.bytes.end());
    }
    inputs.tensors = *std::move(tensors);
  }
  inputs.bytes = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  return inputs;
}

Result<std::vector<LoadInputs>> MakeLoadInputs(const workload::Scenario& scenario,
                                               const LoadData& data,
                                               client::HttpConnection& server) {
  std::map<std::pair<std::string, int>, LoadInputs> made;
  std::vector<LoadInputs> inputs;
  for (const workload::ScenarioTenant& tenant : scenario.tenants) {
    const auto key = std::pair(tenant.model, tenant.rows);
    auto found = made.find(key);
    if (found == made.end()) {
      Result<LoadInputs> fresh = MakeInputs(tenant, data, scenario.seed, server);
      if (!fresh) return WithContext(tenant.terms.name, std::move(fresh).error());
      found = made.emplace(key, *std::move(fresh)).first;
    }
    inputs.push_back(found->second);
  }
  return inputs;
}

}  // namespace delen::apps
