// The tenants of the server over HTTP: read, changed, removed.
#pragma once

#include <string_view>

#include "frontend/http/http_response.h"
#include "frontend/oip/infer_request.h"
#include "tenants/tenant_registry.h"

namespace delen::frontend {

// Threads: may be called from any thread. Put and Remove may wait for a disk.
// Memory:  the registry must outlive this.
class TenantEndpoints {
 public:
  explicit TenantEndpoints(tenants::TenantRegistry& registry) : registry_(&registry) {}

  // {"tenants": [...]}, in the order of their names.
  HttpResponse List() const;
  HttpResponse Show(std::string_view name) const;
  // Makes the body the whole of the tenant: 201 when there was none, else 200.
  HttpResponse Put(std::string_view name, const RequestBody& body) const;
  HttpResponse Remove(std::string_view name) const;

 private:
  tenants::TenantRegistry* registry_;
};

}  // namespace delen::frontend
