// The Open Inference Protocol over HTTP/1.1, on one thread of its own.
//
// Memory:  the service, the catalog, the clock and the tenants must outlive the
//          server.
// Threads: all methods may be called from any thread but the server's own.
// Errors:  never ends on what a client sends; docs/protocol.md lists what a
//          client is told.
#pragma once

#include <cstdint>
#include <memory>

#include "admission/inference_service.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/units.h"
#include "core/model_catalog.h"
#include "frontend/http/http_options.h"
#include "tenants/tenant_registry.h"

namespace delen::frontend {

class HttpServer {
 public:
  // Listens, and serves from then on. Without tenants (null) their paths are
  // unknown.
  // Errors: kInvalidArgument when the address is none, kUnavailable when it is
  //         in use or not this machine's, saying what to do.
  static Result<std::unique_ptr<HttpServer>> Start(HttpOptions options,
                                                   admission::InferenceService& service,
                                                   const core::ModelCatalog& catalog,
                                                   const Clock& clock,
                                                   tenants::TenantRegistry* tenants = nullptr);

  // Closes all connections, cancels what runs and waits until the service has
  // called back for each request it holds.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // The port listened on.
  std::uint16_t port() const;

  // Stops accepting, closes idle connections and lets those with a request
  // finish it. Returns true as soon as no connection is left, false when
  // `patience` has passed first.
  bool Drain(Seconds patience);

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace delen::frontend
