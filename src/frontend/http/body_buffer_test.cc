#include "frontend/http/body_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace delen::frontend {
namespace {

std::span<const std::byte> Bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string Text(const RequestBody& body) {
  return {reinterpret_cast<const char*>(body.bytes.data()), body.bytes.size()};
}

TEST(BodyBufferTest, GrowsFromNothing) {
  BodyBuffer buffer;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string part = std::to_string(i);
    buffer.Append(Bytes(part));
    expected += part;
  }
  EXPECT_EQ(buffer.size(), expected.size());
  EXPECT_EQ(Text(buffer.Take()), expected);
}

TEST(BodyBufferTest, PlacesTheByteAskedForOnABoundary) {
  for (const std::size_t at : {0U, 1U, 63U, 64U, 65U, 257U}) {
    BodyBuffer buffer(10, at);
    buffer.Append(Bytes(std::string(100, 'x')));  // grows: the place must hold
    const RequestBody body = buffer.Take();
    EXPECT_EQ((reinterpret_cast<std::uintptr_t>(body.bytes.data()) + at) % 64, 0U) << at;
  }
}

TEST(BodyBufferTest, IsReadIntoDirectly) {
  constexpr std::size_t kSize = 5 << 20;  // more than is granted at first
  BodyBuffer buffer(kSize, 3);
  while (buffer.size() < kSize) {
    const std::span<std::byte> space = buffer.Space(kSize - buffer.size());
    ASSERT_FALSE(space.empty());
    ASSERT_LE(space.size(), kSize - buffer.size());
    std::memset(space.data(), 'z', space.size());
    buffer.Commit(space.size());
  }
  const RequestBody body = buffer.Take();
  EXPECT_EQ(body.bytes.size(), kSize);
  EXPECT_TRUE(std::all_of(body.bytes.begin(), body.bytes.end(),
                          [](std::byte b) { return b == std::byte{'z'}; }));
}

}  // namespace
}  // namespace delen::frontend
