// How the HTTP server is set up. docs/protocol.md lists the limits for users.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/units.h"

namespace delen::frontend {

// One infer request that was answered, for whoever measures the server:
// written - arrival - device is what the server itself cost.
struct ServedRequest {
  TimePoint arrival;  // first byte of the request read
  TimePoint written;  // last byte of the answer handed to the kernel
  Seconds device;     // of which stages running
};

// An infer request that was turned away: the tenant that its head named, or none,
// the model that its path named, and why.
using RefusedObserver =
    std::function<void(std::string_view tenant, std::string_view model, ErrorCode why)>;

struct HttpOptions {
  // An IP address of this machine. Beyond loopback there is no encryption and
  // no authentication: put a proxy in front.
  std::string address = "127.0.0.1";
  std::uint16_t port = 8000;  // 0: any free port, see HttpServer::port()

  std::size_t max_connections = 1024;          // more are answered 503 and closed
  std::size_t max_header_bytes = 16 << 10;     // request line and headers; 431 beyond
  std::size_t max_body_bytes = 64 << 20;       // 413 beyond
  std::size_t max_buffered_bytes = 256 << 20;  // bodies of all requests in hand; 503 beyond

  Seconds header_timeout{10};      // first byte to end of head; 408 beyond
  Seconds body_timeout{30};        // end of head to end of body ...
  double min_body_rate = 1 << 18;  // ... longer by the announced bytes over this (bytes/s)
  Seconds idle_timeout{60};        // between requests; closed beyond
  Seconds write_timeout{30};       // for one response; closed beyond
  Seconds linger_timeout{2};       // for the peer to close after we said we would

  std::string version = "0.1.0";  // what GET /v2 says

  // What GET /metrics answers, in Prometheus' text format; null: there is no such
  // path. Not called on the server's thread, may take its time.
  std::function<std::string()> metrics;
  // Whether the server would answer inference now; null: always. Called on the
  // server's thread, must not block. A draining server is never ready.
  std::function<bool()> ready;
  // Called on the server's thread after each infer response that was no error;
  // must not block. Null: nobody measures.
  std::function<void(const ServedRequest&)> observer;
  // Called on the server's thread for each infer request that is answered with an
  // error before the service has seen it, with the names as far as they can be
  // read; must not block. Null: nobody counts.
  RefusedObserver refused;
};

}  // namespace delen::frontend
