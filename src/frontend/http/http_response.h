// A response before it goes out: what its head says and what follows it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/tensor.h"
#include "frontend/http/error_status.h"

namespace delen::frontend {

inline constexpr std::string_view kJsonContent = "application/json";

struct HttpResponse {
  int status = 200;
  std::string_view content_type = kJsonContent;  // of a body without a tail
  std::string body;
  std::optional<core::Tensor> tail;  // its bytes follow the JSON
  std::string extra;                 // whole header lines, "Allow: POST\r\n"
  bool head_only = false;            // the answer to HEAD: no body is sent, only its length
};

HttpResponse JsonResponse(std::string body);
// A response with {"error": message}.
HttpResponse ErrorResponse(int status, std::string_view message);
// With Retry-After where trying again may help: in 1 s, if the error does not know.
HttpResponse ErrorResponse(const Error& error);

// How the connection goes on after a response.
enum class Connection {
  kKeepAlive,      // HTTP/1.1 says nothing
  kSaysKeepAlive,  // HTTP/1.0 wants to read it
  kClose,
};

// Appends status line and headers, up to and including the empty line.
void AppendHead(std::string& out, const HttpResponse& response, Connection connection);

}  // namespace delen::frontend
