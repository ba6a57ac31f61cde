// What each endpoint does with a request: answers it, or makes an infer call of
// it. The only piece that knows HTTP and the protocol at once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/model_catalog.h"
#include "frontend/http/http_options.h"
#include "frontend/http/http_response.h"
#include "frontend/http/request_reader.h"
#include "frontend/http/route.h"
#include "frontend/http/tenant_endpoints.h"
#include "frontend/oip/infer_request.h"

namespace delen::frontend {

// Makes a response and may take its time: not to be called on the server's thread.
using SlowResponse = std::function<HttpResponse()>;

// An InferCall whose request lacks only its arrival, or a response, finished or
// to be made elsewhere.
using Handled = std::variant<InferCall, HttpResponse, SlowResponse>;

// Threads: may be called from any thread, as the catalog and the registry may.
class Endpoints {
 public:
  // Says how the server fares, in Prometheus' text format.
  using MetricsText = std::function<std::string()>;

  // `catalog` and `tenants` must outlive this. `version` is the server's own.
  // Without tenants or metrics (null) their paths are unknown. `refused`, if any,
  // is told of the infer requests of which no call could be made.
  Endpoints(const core::ModelCatalog& catalog, std::string version,
            tenants::TenantRegistry* tenants = nullptr, MetricsText metrics = nullptr,
            RefusedObserver refused = nullptr)
      : catalog_(catalog),
        version_(std::move(version)),
        metrics_(std::move(metrics)),
        refused_(std::move(refused)) {
    if (tenants != nullptr) tenants_.emplace(*tenants);
  }

  // `ready` is what /v2/health/ready answers.
  Handled Handle(const RequestHead& head, const RequestBody& body, bool ready) const;

 private:
  bool Serves(Endpoint endpoint) const;
  HttpResponse Get(const Route& route, bool ready) const;
  SlowResponse Metrics(bool head_only) const;
  Handled Infer(const Route& route, const RequestHead& head, const RequestBody& body) const;
  Result<InferCall> CallOf(const Route& route, const RequestHead& head,
                           const RequestBody& body) const;

  const core::ModelCatalog& catalog_;
  const std::string version_;
  const MetricsText metrics_;
  const RefusedObserver refused_;
  std::optional<TenantEndpoints> tenants_;
};

}  // namespace delen::frontend
