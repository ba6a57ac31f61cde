// What the connections of one server share.
//
// Threads: everything but `context` belongs to the server's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
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
              const core::ModelCatalog& catalog, const Clock& server_clock,
              tenants::TenantRegistry* tenants)
      : options(std::move(server_options)),
        service(inference_service),
        clock(server_clock),
        endpoints(catalog, options.version, tenants, options.metrics, options.refused) {}

  bool ready() const { return !draining && (!options.ready || options.ready()); }

  const HttpOptions options;
  admission::InferenceService& service;
  const Clock& clock;
  const Endpoints endpoints;

  boost::asio::io_context context{1};         // one thread runs it, any may post
  boost::asio::thread_pool* aside = nullptr;  // runs what may wait for a disk
  std::unordered_set<Session*> sessions;
  std::function<void()> session_closed;  // called after one has left `sessions`
  std::size_t buffered_bytes = 0;        // of bodies, all sessions together
  bool draining = false;
};

}  // namespace delen::frontend
