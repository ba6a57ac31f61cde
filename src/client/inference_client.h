// Asks a server for inference, with bounds: tensors as binary data over HTTP.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/http_connection.h"
#include "client/infer_message.h"
#include "core/parameters.h"
#include "core/tensor.h"

namespace delen::client {

// Threads: not thread-safe; one client per thread.
class InferenceClient {
 public:
  static Result<InferenceClient> Connect(const std::string& address, std::uint16_t port,
                                         Seconds patience = Seconds(30.0));

  // Errors: what the server said, by its HTTP status; kUnavailable when it
  //         could not be asked.
  Result<InferReply> Infer(const std::string& model, const std::vector<core::Tensor>& inputs,
                           const core::Parameters& parameters);

 private:
  explicit InferenceClient(HttpConnection connection) : connection_(std::move(connection)) {}

  HttpConnection connection_;
};

}  // namespace delen::client
