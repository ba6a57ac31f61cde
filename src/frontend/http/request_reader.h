// Reads one HTTP/1.x request after the other from a stream of bytes. Knows
// nothing of sockets: bytes go in, a head and a body come out.
//
// Threads: not thread-safe.
// Source:  RFC 9110 (semantics), RFC 9112 (HTTP/1.1).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "frontend/http/error_status.h"
#include "frontend/oip/infer_request.h"

namespace delen::frontend {

enum class Method { kGet, kHead, kPost, kPut, kDelete, kOther };

struct RequestHead {
  Method method = Method::kOther;
  std::string target;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool expects_continue = false;                // waits for 100 before it sends the body
  std::optional<std::size_t> content_length;    // absent: no body, or one in chunks
  std::optional<std::size_t> inference_header;  // Inference-Header-Content-Length
  std::optional<std::string> tenant;            // x-delen-tenant, as it was sent
};

class RequestReader {
 public:
  struct Limits {
    std::size_t header_bytes = 16 << 10;
    std::size_t body_bytes = 64 << 20;
  };

  enum class State {
    kHead,    // needs more of the head
    kBody,    // the head is complete, needs more of the body
    kDone,    // the request is complete
    kFailed,  // error() says why; nothing more can be read from this stream
  };

  explicit RequestReader(Limits limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Forgets the request, to read the next.
  void Reset();

  // Reads on; returns how many of `bytes` were used up. It stops at the end of
  // the head, so that the caller can look at it, and at the end of the request.
  // Bytes that were not used must come again, with more behind them: if they
  // are a full header limit and nothing was used, the request fails.
  std::size_t Feed(std::span<const std::byte> bytes);

  // Where the rest of a body of known length may be put without a copy; empty
  // when Feed() is the only way. BodyArrived() counts what was put there.
  std::span<std::byte> BodySpace();
  void BodyArrived(std::size_t count);

  State state() const;
  const RequestHead& head() const;
  std::size_t body_received() const;
  const HttpError& error() const;

  // The body of a complete request.
  RequestBody TakeBody();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace delen::frontend
