// The whole server in one process: tenants, models, metrics, lane, admission and
// frontend, put together.
#pragma once

#include <memory>
#include <optional>

#include "admission/admission.h"
#include "apps/core_watch.h"
#include "apps/serve_config.h"
#include "backend/ort/ort_backend.h"
#include "base/clock.h"
#include "base/result.h"
#include "executor/model_repository.h"
#include "frontend/http/http_server.h"
#include "metrics/server_metrics.h"
#include "scheduler/lane.h"
#include "tenants/tenant_registry.h"
#include "tenants/tenant_store.h"

namespace delen::apps {

class Server {
 public:
  // Opens the tenants' file, loads the models and listens. `clock` must outlive the server.
  // Errors: when the tenants' file cannot be used, no model could be loaded, or the
  //         port cannot be had. A model that cannot be loaded beside others that
  //         can is logged and left out.
  static Result<std::unique_ptr<Server>> Start(const ServeConfig& config, const Clock& clock);

  std::uint16_t port() const { return http_->port(); }
  const executor::ModelRepository& models() const { return models_; }

  // Stops accepting and lets running requests finish; false when they took
  // longer than the configured patience.
  bool Drain();

 private:
  struct Tenants {
    std::unique_ptr<tenants::TenantStore> store;  // null: they live as long as the process
    std::unique_ptr<tenants::TenantRegistry> registry;
  };

  Server(const ServeConfig& config, Tenants tenants, std::unique_ptr<backend::OrtBackend> backend,
         const Clock& clock);
  static Result<Tenants> OpenTenants(const ServeConfig& config);
  Status LoadModels();
  metrics::KnownNames KnownNames() const;
  Status LoadModel(const std::string& name, int version);
  void WatchCores();

  // In the order of their dependence: each uses only those above it.
  const ServeConfig config_;
  const Clock& clock_;
  Tenants tenants_;
  std::unique_ptr<backend::OrtBackend> backend_;
  executor::ModelRepository models_;
  metrics::ServerMetrics metrics_;
  scheduler::Lane lane_;
  admission::Admission admission_;
  std::unique_ptr<frontend::HttpServer> http_;
  std::optional<CoreWatch> core_watch_;
};

}  // namespace delen::apps
