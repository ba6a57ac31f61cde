// What the connections of one server share.
//
// Threads: everything but `context` belongs to the server's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <unordered_set>
#include <utility>

#include "admission/inference_service.h"
#include "base/clock.h"
#include "frontend/http/endpoints.h"
#include "frontend/http/http_options.h"

namespace delen::frontend {

class Session;

struct ServerState {
  ServerState(HttpOptions server_options, admission::InferenceService& inference_service,
              const core::ModelCatalog& catalog, const Clock& server_clock)
      : options(std::move(server_options)),
        service(inference_service),
        clock(server_clock),
        endpoints(catalog, options.version) {}

  bool ready() const { return !draining && (!options.ready || options.ready()); }

  const HttpOptions options;
  admission::InferenceService& service;
  const Clock& clock;
  const Endpoints endpoints;

  boost::asio::io_context context{1};  // one thread runs it, any may post
  std::unordered_set<Session*> sessions;
  std::function<void()> session_closed;  // called after one has left `sessions`
  std::size_t buffered_bytes = 0;        // of bodies, all sessions together
  bool draining = false;
};

}  // namespace delen::frontend
