#include "frontend/http/body_buffer.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace delen::frontend {
namespace {

constexpr std::size_t kAlignment = 64;           // a cache line, and more than any element
constexpr std::size_t kFirstCapacity = 1 << 20;  // granted on the announced length alone

std::shared_ptr<std::byte> Allocate(std::size_t size) {
  constexpr auto kAlign = std::align_val_t(kAlignment);
  auto* const bytes = static_cast<std::byte*>(::operator new(size, kAlign));
  return {bytes, [](std::byte* p) { ::operator delete(p, kAlign); }};
}

}  // namespace

BodyBuffer::BodyBuffer(std::size_t expected, std::size_t aligned_at)
    : padding_((kAlignment - aligned_at % kAlignment) % kAlignment) {
  Grow(std::min(expected, kFirstCapacity));
}

void BodyBuffer::Append(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  if (capacity_ - size_ < bytes.size()) Grow(std::max(size_ + bytes.size(), 2 * capacity_));
  std::memcpy(begin_ + size_, bytes.data(), bytes.size());
  Commit(bytes.size());
}

std::span<std::byte> BodyBuffer::Space(std::size_t limit) {
  if (size_ == capacity_) Grow(std::min(size_ + limit, std::max(2 * capacity_, kFirstCapacity)));
  return {begin_ + size_, std::min(capacity_ - size_, limit)};
}

RequestBody BodyBuffer::Take() {
  RequestBody body{{begin_, size_}, std::move(storage_)};
  begin_ = nullptr;
  capacity_ = size_ = 0;
  return body;
}

void BodyBuffer::Grow(std::size_t capacity) {
  std::shared_ptr<std::byte> storage = Allocate(padding_ + capacity);
  std::byte* const begin = storage.get() + padding_;
  if (size_ > 0) std::memcpy(begin, begin_, size_);
  storage_ = std::move(storage);
  begin_ = begin;
  capacity_ = capacity;
}

}  // namespace delen::frontend
