// What each endpoint does with a request: answers it, or makes an infer call of
// it. The only piece that knows HTTP and the protocol at once.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "core/model_catalog.h"
#include "frontend/http/http_response.h"
#include "frontend/http/request_reader.h"
#include "frontend/http/route.h"
#include "frontend/oip/infer_request.h"

namespace delen::frontend {

// Threads: may be called from any thread, as the catalog may.
class Endpoints {
 public:
  // `catalog` must outlive this. `version` is the server's own.
  Endpoints(const core::ModelCatalog& catalog, std::string version)
      : catalog_(catalog), version_(std::move(version)) {}

  // An InferCall whose request lacks only its arrival, or a finished response.
  // `ready` is what /v2/health/ready answers.
  std::variant<InferCall, HttpResponse> Handle(const RequestHead& head, const RequestBody& body,
                                               bool ready) const;

 private:
  HttpResponse Get(const Route& route, bool ready) const;
  std::variant<InferCall, HttpResponse> Infer(const Route& route, const RequestHead& head,
                                              const RequestBody& body) const;

  const core::ModelCatalog& catalog_;
  const std::string version_;
};

}  // namespace delen::frontend
