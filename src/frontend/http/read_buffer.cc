#include "frontend/http/read_buffer.h"

#include <cstring>
#include <utility>

namespace delen::frontend {

void ReadBuffer::Consume(std::size_t count) {
  begin_ += count;
  if (count > 0) unread_since_ = last_read_;
}

std::span<std::byte> ReadBuffer::Space() {
  if (begin_ > 0) std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
  end_ -= std::exchange(begin_, 0);
  return std::span(bytes_).subspan(end_);
}

void ReadBuffer::Commit(std::size_t count, TimePoint now) {
  if (empty()) unread_since_ = now;
  last_read_ = now;
  end_ += count;
}

}  // namespace delen::frontend
