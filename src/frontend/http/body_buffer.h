// The growing body of one request.
//
// Memory:  grows with what arrives, not with what was announced, so that a
//          client cannot make the server reserve memory by a header alone.
// Shapes:  the byte `aligned_at` of the body lies on a 64-byte boundary: the
//          first tensor behind a JSON header can be used where it is.
// Threads: not thread-safe; the finished body may be read from anywhere.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "frontend/oip/infer_request.h"

namespace delen::frontend {

class BodyBuffer {
 public:
  // `expected` is the whole body's size if it is known, else 0. Both are hints.
  // Errors: throws std::bad_alloc, as Append() and Space() do.
  explicit BodyBuffer(std::size_t expected = 0, std::size_t aligned_at = 0);

  void Append(std::span<const std::byte> bytes);

  // Room to read into, at least one byte and at most `limit`; Commit() keeps
  // what was read there.
  std::span<std::byte> Space(std::size_t limit);
  void Commit(std::size_t count) { size_ += count; }

  std::size_t size() const { return size_; }

  // The body; the buffer is empty then.
  RequestBody Take();

 private:
  void Grow(std::size_t capacity);

  std::shared_ptr<std::byte> storage_;
  std::byte* begin_ = nullptr;  // first byte of the body
  std::size_t padding_ = 0;     // bytes before it
  std::size_t capacity_ = 0;    // from begin_
  std::size_t size_ = 0;
};

}  // namespace delen::frontend
