#include "frontend/http/http_response.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace delen::frontend {
namespace {

constexpr Seconds kSoon{1.0};
constexpr double kLongest = 1e9;  // seconds that every client can read

// In whole seconds, not before `time` is over; "now" is no time to try again.
std::string RetryAfterLine(Seconds time) {
  return fmt::format("Retry-After: {:.0f}\r\n", std::clamp(std::ceil(time.value()), 1.0, kLongest));
}

}  // namespace

HttpResponse JsonResponse(std::string body) {
  HttpResponse response;
  response.body = std::move(body);
  return response;
}

HttpResponse ErrorResponse(int status, std::string_view message) {
  HttpResponse response;
  response.status = status;
  response.body = ErrorJson(message);
  return response;
}

HttpResponse ErrorResponse(const Error& error) {
  HttpResponse response = ErrorResponse(HttpStatus(error.code), error.message);
  if (error.retry_after || error.code == ErrorCode::kOverloaded) {
    response.extra = RetryAfterLine(error.retry_after.value_or(kSoon));
  }
  return response;
}

void AppendHead(std::string& out, const HttpResponse& response, Connection connection) {
  const std::size_t tail = response.tail ? response.tail->bytes.size() : 0;
  auto to = std::back_inserter(out);
  to = fmt::format_to(to, "HTTP/1.1 {} {}\r\nContent-Length: {}\r\n", response.status,
                      ReasonPhrase(response.status), response.body.size() + tail);
  if (response.tail) {
    fmt::format_to(to,
                   "Content-Type: application/octet-stream\r\n"
                   "Inference-Header-Content-Length: {}\r\n",
                   response.body.size());
  } else if (!response.body.empty()) {
    fmt::format_to(to, "Content-Type: {}\r\n", response.content_type);
  }
  out += response.extra;
  if (connection == Connection::kSaysKeepAlive) out += "Connection: keep-alive\r\n";
  if (connection == Connection::kClose) out += "Connection: close\r\n";
  out += "\r\n";
}

}  // namespace delen::frontend
