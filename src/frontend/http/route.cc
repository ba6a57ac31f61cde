#include "frontend/http/route.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace delen::frontend {
namespace {

// Takes the text up to the next '/' off the front of a path.
std::string_view TakeSegment(std::string_view& path) {
  const std::size_t end = path.find('/');
  const std::string_view segment = path.substr(0, end);
  path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
  return segment;
}

// The path of a target in origin form ("/v2") or absolute form ("http://host/v2").
std::string_view PathOf(std::string_view target) {
  target = target.substr(0, std::min(target.find('?'), target.find('#')));
  if (target.starts_with('/')) return target;
  const std::size_t scheme = target.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::size_t slash = target.find('/', scheme + 3);
  return slash == std::string_view::npos ? std::string_view() : target.substr(slash);
}

std::optional<char> ParseHexPair(std::string_view text) {
  unsigned char value = 0;
  if (text.size() < 2) return std::nullopt;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + 2, value, 16);
  if (failure != std::errc() || end != text.data() + 2) return std::nullopt;
  return static_cast<char>(value);
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const std::optional<char> byte = ParseHexPair(text.substr(i + 1));
    if (!byte) return std::nullopt;
    decoded += *byte;
    i += 2;
  }
  return decoded;
}

std::optional<int> ParseVersion(std::string_view text) {
  int version = 0;
  const char* const last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, version);
  if (failure != std::errc() || end != last || version < 1) return std::nullopt;
  return version;
}

constexpr std::array<std::pair<std::string_view, Endpoint>, 5> kServerPaths = {{
    {"", Endpoint::kServerMetadata},
    {"/", Endpoint::kServerMetadata},
    {"/health/live", Endpoint::kServerLive},
    {"/health/ready", Endpoint::kServerReady},
    {"/tenants", Endpoint::kTenants},
}};
constexpr std::array<std::pair<std::string_view, Endpoint>, 3> kModelPaths = {{
    {"", Endpoint::kModelMetadata},
    {"ready", Endpoint::kModelReady},
    {"infer", Endpoint::kInfer},
}};

template <std::size_t N>
std::optional<Endpoint> Lookup(
    const std::array<std::pair<std::string_view, Endpoint>, N>& endpoints, std::string_view path) {
  for (const auto& [name, endpoint] : endpoints) {
    if (name == path) return endpoint;
  }
  return std::nullopt;
}

// NAME[/versions/VERSION][/ready|/infer]
std::optional<Route> FindModelRoute(std::string_view path) {
  const bool ends_in_slash = path.ends_with('/');
  const std::optional<std::string> name = PercentDecode(TakeSegment(path));
  if (!name || name->empty() || ends_in_slash) return std::nullopt;
  Route route{Endpoint::kModelMetadata, *name};
  if (path == "versions" || path.starts_with("versions/")) {
    TakeSegment(path);
    const std::optional<int> version = ParseVersion(TakeSegment(path));
    if (!version) return std::nullopt;
    route.version = *version;
  }
  const std::optional<Endpoint> endpoint = Lookup(kModelPaths, path);
  if (!endpoint) return std::nullopt;
  route.endpoint = *endpoint;
  return route;
}

std::optional<Route> FindTenantRoute(std::string_view path) {
  if (path.empty() || path.find('/') != std::string_view::npos) return std::nullopt;
  std::optional<std::string> name = PercentDecode(path);
  if (!name) return std::nullopt;
  return Route{.endpoint = Endpoint::kTenant, .tenant = *std::move(name)};
}

}  // namespace

std::optional<Route> FindRoute(std::string_view target) {
  constexpr std::string_view kRoot = "/v2";
  constexpr std::string_view kModels = "/models/";
  constexpr std::string_view kTenants = "/tenants/";
  std::string_view path = PathOf(target);
  if (path == "/metrics") return Route{Endpoint::kMetrics};
  if (!path.starts_with(kRoot)) return std::nullopt;
  path.remove_prefix(kRoot.size());
  if (path.starts_with(kModels)) return FindModelRoute(path.substr(kModels.size()));
  if (path.starts_with(kTenants)) return FindTenantRoute(path.substr(kTenants.size()));
  const std::optional<Endpoint> endpoint = Lookup(kServerPaths, path);
  if (!endpoint) return std::nullopt;
  return Route{*endpoint};
}

}  // namespace delen::frontend
