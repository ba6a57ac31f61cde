// One HTTP/1.1 connection, kept alive, one request at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/units.h"

namespace delen::client {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpReply {
  int status = 0;
  HttpHeaders headers;
  std::string body;

  // Empty when absent. Names are compared without regard to case.
  std::string_view header(std::string_view name) const;
};

// Threads: not thread-safe; one connection per thread.
// Errors:  kUnavailable when the peer cannot be reached or goes away,
//          kDeadlineExceeded when it takes longer than the patience given.
class HttpConnection {
 public:
  static Result<HttpConnection> Connect(const std::string& address, std::uint16_t port,
                                        Seconds patience);
  HttpConnection(HttpConnection&&) noexcept;
  HttpConnection& operator=(HttpConnection&&) noexcept;
  ~HttpConnection();

  Result<HttpReply> Get(const std::string& path);
  Result<HttpReply> Post(const std::string& path, const HttpHeaders& headers, std::string body);
  Result<HttpReply> Put(const std::string& path, std::string body);
  Result<HttpReply> Delete(const std::string& path);

 private:
  class Impl;
  explicit HttpConnection(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace delen::client
