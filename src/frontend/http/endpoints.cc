#include "frontend/http/endpoints.h"

#include <optional>
#include <utility>

#include "core/tenant.h"
#include "frontend/oip/metadata.h"

namespace delen::frontend {
namespace {

bool Allows(Endpoint endpoint, Method method) {
  switch (method) {
    case Method::kGet:
    case Method::kHead: return endpoint != Endpoint::kInfer;
    case Method::kPost: return endpoint == Endpoint::kInfer;
    case Method::kPut:
    case Method::kDelete: return endpoint == Endpoint::kTenant;
    case Method::kOther: break;
  }
  return false;
}

std::string_view AllowLine(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kInfer: return "Allow: POST\r\n";
    case Endpoint::kTenant: return "Allow: GET, HEAD, PUT, DELETE\r\n";
    default: return "Allow: GET, HEAD\r\n";
  }
}

HttpResponse MethodNotAllowed(Endpoint endpoint) {
  HttpResponse response = ErrorResponse(405, "Method Not Allowed");
  response.extra = AllowLine(endpoint);
  return response;
}

// Takes in the tenant that the head names.
Status TakeTenant(const std::optional<std::string>& header, core::Request& request) {
  if (!header) return {};
  const Status checked = core::CheckTenantName(*header);
  if (!checked) return WithContext("header 'x-delen-tenant'", checked.error());
  if (!request.tenant.empty() && request.tenant != *header) {
    return InvalidArgument(
        "parameter 'tenant' is '{}', header 'x-delen-tenant' is '{}', "
        "expected one tenant",
        request.tenant, *header);
  }
  request.tenant = *header;
  return {};
}

}  // namespace

Handled Endpoints::Handle(const RequestHead& head, const RequestBody& body, bool ready) const {
  const std::optional<Route> route = FindRoute(head.target);
  if (!route || !Serves(route->endpoint)) return ErrorResponse(404, "Not Found");
  if (!Allows(route->endpoint, head.method)) return MethodNotAllowed(route->endpoint);
  if (route->endpoint == Endpoint::kInfer) return Infer(*route, head, body);
  if (route->endpoint == Endpoint::kMetrics) return Metrics(head.method == Method::kHead);
  if (head.method == Method::kPut) {
    return [to = *tenants_, name = route->tenant, body] { return to.Put(name, body); };
  }
  if (head.method == Method::kDelete) {
    return [from = *tenants_, name = route->tenant] { return from.Remove(name); };
  }
  return Get(*route, ready);
}

bool Endpoints::Serves(Endpoint endpoint) const {
  switch (endpoint) {
    case Endpoint::kTenants:
    case Endpoint::kTenant: return tenants_.has_value();
    case Endpoint::kMetrics: return metrics_ != nullptr;
    default: return true;
  }
}

HttpResponse Endpoints::Get(const Route& route, bool ready) const {
  switch (route.endpoint) {
    case Endpoint::kServerLive: return {};
    case Endpoint::kServerReady:
      return ready ? HttpResponse{} : ErrorResponse(400, "the server is not ready");
    case Endpoint::kServerMetadata: return JsonResponse(ServerMetadata(version_));
    case Endpoint::kTenants: return tenants_->List();
    case Endpoint::kTenant: return tenants_->Show(route.tenant);
    case Endpoint::kModelMetadata:
    case Endpoint::kModelReady:
    case Endpoint::kMetrics:
    case Endpoint::kInfer: break;
  }
  const auto model = catalog_.Find(route.model, route.version);
  if (route.endpoint == Endpoint::kModelReady) {
    // What is in the catalog is being served; the protocol's clients know 400 for "not ready".
    return model ? HttpResponse{} : ErrorResponse(400, model.error().message);
  }
  if (!model) return ErrorResponse(model.error());
  return JsonResponse(ModelMetadata((*model)->spec, catalog_.Versions(route.model)));
}

SlowResponse Endpoints::Metrics(bool head_only) const {
  return [text = metrics_, head_only] {
    HttpResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = text();
    response.head_only = head_only;
    return response;
  };
}

Handled Endpoints::Infer(const Route& route, const RequestHead& head,
                         const RequestBody& body) const {
  Result<InferCall> call = CallOf(route, head, body);
  if (call) return *std::move(call);
  if (refused_) refused_(head.tenant.value_or(""), route.model, call.error().code);
  return ErrorResponse(call.error());
}

Result<InferCall> Endpoints::CallOf(const Route& route, const RequestHead& head,
                                    const RequestBody& body) const {
  const auto model = catalog_.Find(route.model, route.version);
  if (!model) return model.error();
  Result<InferCall> call = ParseInferRequest(body, head.inference_header, (*model)->spec);
  if (!call) return call;
  const Status tenant = TakeTenant(head.tenant, call->request);
  if (!tenant) return tenant.error();
  call->request.model = route.model;
  call->request.version = (*model)->version;  // the inputs were checked against this one
  return call;
}

}  // namespace delen::frontend
