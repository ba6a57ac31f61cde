#include "frontend/http/read_buffer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>

namespace delen::frontend {
namespace {

void Read(ReadBuffer& buffer, std::string_view text, double now) {
  const std::span<std::byte> space = buffer.Space();
  ASSERT_LE(text.size(), space.size());
  std::memcpy(space.data(), text.data(), text.size());
  buffer.Commit(text.size(), TimePoint(Seconds(now)));
}

std::string Text(const ReadBuffer& buffer) {
  return {reinterpret_cast<const char*>(buffer.unread().data()), buffer.unread().size()};
}

TEST(ReadBufferTest, KeepsWhatIsUnread) {
  ReadBuffer buffer(8);
  Read(buffer, "abcdef", 1);
  buffer.Consume(4);
  EXPECT_EQ(Text(buffer), "ef");
  Read(buffer, "ghijkl", 2);  // fits, because "ef" moves to the front
  EXPECT_EQ(Text(buffer), "efghijkl");
  EXPECT_TRUE(buffer.Space().empty());
  buffer.Consume(8);
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.Space().size(), 8U);
}

TEST(ReadBufferTest, RemembersWhenTheFirstUnreadByteCame) {
  ReadBuffer buffer(100);
  const auto since = [&] { return buffer.unread_since().since_origin().value(); };
  Read(buffer, "first request, first half", 1);
  Read(buffer, "second half and the next", 2);
  EXPECT_EQ(since(), 1);
  buffer.Consume(40);
  EXPECT_EQ(since(), 2);  // the next one came with the second read
  Read(buffer, "more", 3);
  EXPECT_EQ(since(), 2);
  buffer.Consume(buffer.unread().size());
  Read(buffer, "another", 4);
  EXPECT_EQ(since(), 4);
}

}  // namespace
}  // namespace delen::frontend
