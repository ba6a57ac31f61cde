#include "frontend/http/tenant_endpoints.h"

#include <string>

#include "tenants/tenant_json.h"

namespace delen::frontend {

using tenants::TenantRegistry;

HttpResponse TenantEndpoints::List() const {
  std::string body = "{\"tenants\":[";
  for (const core::Tenant& tenant : registry_->List()) {
    if (body.back() != '[') body += ',';
    body += tenants::FormatTenant(tenant);
  }
  return JsonResponse(body + "]}");
}

HttpResponse TenantEndpoints::Show(std::string_view name) const {
  const auto found = registry_->Find(name);
  if (!found) return ErrorResponse(found.error());
  return JsonResponse(tenants::FormatTenant((*found)->tenant));
}

HttpResponse TenantEndpoints::Put(std::string_view name, const RequestBody& body) const {
  const std::string_view json(reinterpret_cast<const char*>(body.bytes.data()), body.bytes.size());
  const Result<core::Tenant> tenant = tenants::ParseTenant(json, "request body", name);
  if (!tenant) return ErrorResponse(tenant.error());
  const Result<TenantRegistry::Change> change = registry_->Put(*tenant);
  if (!change) return ErrorResponse(change.error());
  HttpResponse response = JsonResponse(tenants::FormatTenant(*tenant));
  response.status = *change == TenantRegistry::Change::kCreated ? 201 : 200;
  return response;
}

HttpResponse TenantEndpoints::Remove(std::string_view name) const {
  const Status removed = registry_->Remove(name);
  if (removed) return {};
  HttpResponse response = ErrorResponse(removed.error());
  if (removed.error().code == ErrorCode::kUnsupported) {  // "default" has no such method
    response.status = 405;
    response.extra = "Allow: GET, HEAD, PUT\r\n";
  }
  return response;
}

}  // namespace delen::frontend
