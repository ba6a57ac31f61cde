// Bytes read off a connection and not yet used up.
//
// Memory:  one block of a fixed size; views into it hold until the next Space().
// Threads: not thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/units.h"

namespace delen::frontend {

class ReadBuffer {
 public:
  explicit ReadBuffer(std::size_t capacity) : bytes_(capacity) {}

  std::span<const std::byte> unread() const {
    return std::span(bytes_).subspan(begin_, end_ - begin_);
  }
  bool empty() const { return begin_ == end_; }

  // When the first unread byte came. Of bytes that came in several reads behind
  // a request, the latest read counts: the next request then seems a little
  // younger than it is.
  TimePoint unread_since() const { return unread_since_; }

  // Takes bytes off the front.
  void Consume(std::size_t count);

  // Room to read into, which may be none. What is unread moves to the front, so
  // no earlier Space() may still be read into.
  std::span<std::byte> Space();
  // `count` bytes came into Space() at `now`.
  void Commit(std::size_t count, TimePoint now);

 private:
  std::vector<std::byte> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  TimePoint last_read_;
  TimePoint unread_since_;
};

}  // namespace delen::frontend
