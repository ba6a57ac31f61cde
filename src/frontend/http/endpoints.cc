#include "frontend/http/endpoints.h"

#include <optional>
#include <utility>

#include "frontend/oip/metadata.h"

namespace delen::frontend {
namespace {

bool Allows(Endpoint endpoint, Method method) {
  if (endpoint == Endpoint::kInfer) return method == Method::kPost;
  return method == Method::kGet || method == Method::kHead;
}

HttpResponse MethodNotAllowed(Endpoint endpoint) {
  HttpResponse response = ErrorResponse(405, "Method Not Allowed");
  response.extra = endpoint == Endpoint::kInfer ? "Allow: POST\r\n" : "Allow: GET, HEAD\r\n";
  return response;
}

HttpResponse Json(std::string body) {
  HttpResponse response;
  response.body = std::move(body);
  return response;
}

}  // namespace

std::variant<InferCall, HttpResponse> Endpoints::Handle(const RequestHead& head,
                                                        const RequestBody& body, bool ready) const {
  const std::optional<Route> route = FindRoute(head.target);
  if (!route) return ErrorResponse(404, "Not Found");
  if (!Allows(route->endpoint, head.method)) return MethodNotAllowed(route->endpoint);
  if (route->endpoint == Endpoint::kInfer) return Infer(*route, head, body);
  return Get(*route, ready);
}

HttpResponse Endpoints::Get(const Route& route, bool ready) const {
  switch (route.endpoint) {
    case Endpoint::kServerLive: return {};
    case Endpoint::kServerReady:
      return ready ? HttpResponse{} : ErrorResponse(400, "the server is not ready");
    case Endpoint::kServerMetadata: return Json(ServerMetadata(version_));
    case Endpoint::kModelMetadata:
    case Endpoint::kModelReady:
    case Endpoint::kInfer: break;
  }
  const auto model = catalog_.Find(route.model, route.version);
  if (route.endpoint == Endpoint::kModelReady) {
    // What is in the catalog is being served; the protocol's clients know 400 for "not ready".
    return model ? HttpResponse{} : ErrorResponse(400, model.error().message);
  }
  if (!model) return ErrorResponse(model.error());
  return Json(ModelMetadata((*model)->spec, catalog_.Versions(route.model)));
}

std::variant<InferCall, HttpResponse> Endpoints::Infer(const Route& route, const RequestHead& head,
                                                       const RequestBody& body) const {
  const auto model = catalog_.Find(route.model, route.version);
  if (!model) return ErrorResponse(model.error());
  Result<InferCall> call = ParseInferRequest(body, head.inference_header, (*model)->spec);
  if (!call) return ErrorResponse(call.error());
  call->request.model = route.model;
  call->request.version = (*model)->version;  // the inputs were checked against this one
  return *std::move(call);
}

}  // namespace delen::frontend
