// Which endpoint of the protocol a request target names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace delen::frontend {

enum class Endpoint {
  kServerLive,
  kServerReady,
  kServerMetadata,
  kModelMetadata,
  kModelReady,
  kInfer,
  kTenants,
  kTenant,
  kMetrics,
};

struct Route {
  Endpoint endpoint = Endpoint::kServerLive;
  std::string model;   // percent-decoded
  int version = 0;     // 0: none was named
  std::string tenant;  // percent-decoded

  friend bool operator==(const Route&, const Route&) = default;
};

// Nothing when the target names no endpoint: an unknown path, a version that is
// no positive number, a broken percent escape. A query string is ignored.
std::optional<Route> FindRoute(std::string_view target);

}  // namespace delen::frontend
