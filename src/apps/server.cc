#include "apps/server.h"

#include <spdlog/spdlog.h>

#include <thread>
#include <utility>
#include <vector>

#include "apps/initial_tenants.h"
#include "apps/model_loader.h"
#include "policy/policies.h"
#include "tenants/sqlite_tenant_store.h"

namespace delen::apps {

Result<std::unique_ptr<Server>> Server::Start(const ServeConfig& config, const Clock& clock) {
  Result<Tenants> tenants = OpenTenants(config);
  if (!tenants) return std::move(tenants).error();
  Result<std::unique_ptr<backend::OrtBackend>> backend = backend::OrtBackend::Open(
      {.threads = PoolThreads(config.threads), .spinning = config.spinning});
  if (!backend) return std::move(backend).error();
  std::unique_ptr<Server> server(
      new Server(config, *std::move(tenants), *std::move(backend), clock));
  if (Status loaded = server->LoadModels(); !loaded) return std::move(loaded).error();
  frontend::HttpOptions options = config.http;
  options.metrics = [&metrics = server->metrics_] { return metrics.Text(); };
  options.refused = [&metrics = server->metrics_](auto tenant, auto model, ErrorCode why) {
    metrics.OnRefused(tenant, model, why);
  };
  Result<std::unique_ptr<frontend::HttpServer>> http =
      frontend::HttpServer::Start(std::move(options), server->admission_, server->models_,
                                  server->clock_, server->tenants_.registry.get());
  if (!http) return std::move(http).error();
  server->http_ = *std::move(http);
  if (config.AdaptsThreads()) server->WatchCores();
  return server;
}

Server::Server(const ServeConfig& config, Tenants tenants,
               std::unique_ptr<backend::OrtBackend> backend, const Clock& clock)
    : config_(config),
      clock_(clock),
      tenants_(std::move(tenants)),
      backend_(std::move(backend)),
      metrics_(config.http.version, KnownNames()),
      lane_(config.scheduler, clock, &metrics_),
      admission_(config.admission, models_, lane_, *tenants_.registry, clock, &metrics_) {
  metrics_.Watch("cpu", [this] { return lane_.state(); });
}

// The labels that metrics may have.
metrics::KnownNames Server::KnownNames() const {
  return {[this](std::string_view name) { return tenants_.registry->Find(name).has_value(); },
          [this](std::string_view name) { return !models_.Versions(name).empty(); }};
}

Result<Server::Tenants> Server::OpenTenants(const ServeConfig& config) {
  Tenants tenants;
  if (!config.tenants_database.empty()) {
    Result<std::unique_ptr<tenants::SqliteTenantStore>> store =
        tenants::SqliteTenantStore::Open(config.tenants_database);
    if (!store) return std::move(store).error();
    tenants.store = *std::move(store);
  }
  const Seconds reserve = config.scheduler.response_reserve;
  Result<std::unique_ptr<tenants::TenantRegistry>> registry =
      tenants::TenantRegistry::Open(tenants.store.get(), [reserve](std::string_view policy) {
        const auto made = policy::MakePolicy(policy, reserve);
        return made ? Status() : Status(made.error());
      });
  if (!registry) return std::move(registry).error();
  tenants.registry = *std::move(registry);
  Status put = PutInitialTenants(config.tenants, tenants.store.get(), *tenants.registry);
  if (!put) return std::move(put).error();
  return tenants;
}

Status Server::LoadModels() {
  const Result<std::vector<std::string>> names = core::ListModels(config_.models);
  if (!names) return names.error();
  Status last_failure;
  int loaded = 0;
  for (const std::string& name : *names) {
    const Result<std::vector<int>> versions = VersionsToServe(config_, name);
    if (!versions) return versions.error();
    for (const int version : *versions) {
      Status status = LoadModel(name, version);
      if (status) {
        ++loaded;
      } else {
        spdlog::error("model '{}' version {} is left out: {}", name, version,
                      status.error().message);
        last_failure = std::move(status);
      }
    }
  }
  if (loaded > 0) return {};
  if (!last_failure) return last_failure;
  return NotFound("no model in '{}'; put one there with `delen import MODEL.onnx --models {}`",
                  config_.models.string(), config_.models.string());
}

Status Server::LoadModel(const std::string& name, int version) {
  Result<std::shared_ptr<executor::ServedModel>> model =
      apps::LoadModel(*backend_, config_, name, version, clock_);
  if (!model) return std::move(model).error();
  spdlog::info("serving model '{}' version {} ({} exits) on {} thread(s)", name, version,
               (*model)->version().spec.exit_count(), (*model)->exits().threads());
  models_.Add(*std::move(model));
  return {};
}

void Server::WatchCores() {
  const int cores = PoolThreads(0);
  if (cores < 2) return;
  core_watch_.emplace(policy::ThreadBudget(cores, backend_->threads()), lane_, clock_);
}

bool Server::Drain() { return http_->Drain(config_.drain_patience); }

}  // namespace delen::apps
