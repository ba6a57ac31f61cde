#include "frontend/http/request_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace delen::frontend {
namespace {

using State = RequestReader::State;
using ::testing::HasSubstr;

std::span<const std::byte> Bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string Text(const RequestBody& body) {
  return {reinterpret_cast<const char*>(body.bytes.data()), body.bytes.size()};
}

// Feeds `text` at most `step` new bytes at a time; returns how much was used.
std::size_t FeedAll(RequestReader& reader, std::string_view text, std::size_t step) {
  std::size_t used = 0;
  std::size_t shown = 0;
  while (reader.state() == State::kHead || reader.state() == State::kBody) {
    const State before = reader.state();
    const std::size_t now = reader.Feed(Bytes(text.substr(used, shown - used)));
    used += now;
    if (now > 0 || reader.state() != before) continue;
    if (shown == text.size()) break;
    shown = std::min(shown + step, text.size());
  }
  return used;
}

constexpr std::string_view kPost =
    "POST /v2/models/m/infer HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n"
    "Inference-Header-Content-Length: 3\r\n\r\nhello";
constexpr std::string_view kChunked =
    "POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3\r\nhel\r\n2;name=value\r\nlo\r\n0\r\nTrailer: x\r\n\r\n";

class StepTest : public ::testing::TestWithParam<std::size_t> {};

TEST_P(StepTest, ReadsABodyOfKnownLength) {
  RequestReader reader({});
  EXPECT_EQ(FeedAll(reader, kPost, GetParam()), kPost.size());
  ASSERT_EQ(reader.state(), State::kDone);
  EXPECT_EQ(reader.head().method, Method::kPost);
  EXPECT_EQ(reader.head().target, "/v2/models/m/infer");
  EXPECT_EQ(reader.head().content_length, 5U);
  EXPECT_EQ(reader.head().inference_header, 3U);
  EXPECT_TRUE(reader.head().keep_alive);
  EXPECT_EQ(Text(reader.TakeBody()), "hello");
}

TEST_P(StepTest, ReadsChunks) {
  RequestReader reader({});
  EXPECT_EQ(FeedAll(reader, kChunked, GetParam()), kChunked.size());
  ASSERT_EQ(reader.state(), State::kDone);
  EXPECT_EQ(Text(reader.TakeBody()), "hello");
}

INSTANTIATE_TEST_SUITE_P(BytesAtATime, StepTest, ::testing::Values(1, 2, 3, 7, 1000));

TEST(RequestReaderTest, ReadsTheTenant) {
  const auto head = [](std::string_view lines) {
    return fmt::format("GET /p HTTP/1.1\r\nHost: h\r\n{}\r\n", lines);
  };
  RequestReader reader({});
  FeedAll(reader, head("X-Delen-Tenant: robot\r\nx-delen-tenant: robot\r\n"), 1000);
  ASSERT_EQ(reader.state(), State::kDone);
  EXPECT_EQ(reader.head().tenant, "robot");
  reader.Reset();
  FeedAll(reader, head(""), 1000);
  EXPECT_EQ(reader.head().tenant, std::nullopt);
  reader.Reset();
  FeedAll(reader, head("x-delen-tenant: a\r\nx-delen-tenant: b\r\n"), 1000);
  ASSERT_EQ(reader.state(), State::kFailed);
  EXPECT_EQ(reader.error().status, 400);
  EXPECT_EQ(reader.error().message, "x-delen-tenant is 'a' and 'b', expected one tenant");
}

TEST(RequestReaderTest, StopsAtTheEndOfTheRequest) {
  const std::string two = std::string(kPost) + std::string(kChunked);
  RequestReader reader({});
  EXPECT_EQ(FeedAll(reader, two, 1000), kPost.size());
  reader.Reset();
  EXPECT_EQ(FeedAll(reader, std::string_view(two).substr(kPost.size()), 1000), kChunked.size());
  EXPECT_EQ(reader.state(), State::kDone);
}

TEST(RequestReaderTest, OffersRoomForTheRestOfABody) {
  RequestReader reader({});
  FeedAll(reader, kPost.substr(0, kPost.size() - 3), 1000);
  ASSERT_EQ(reader.state(), State::kBody);
  EXPECT_EQ(reader.body_received(), 2U);
  const std::span<std::byte> space = reader.BodySpace();
  ASSERT_EQ(space.size(), 3U);
  std::memcpy(space.data(), "llo", 3);
  reader.BodyArrived(3);
  ASSERT_EQ(reader.state(), State::kDone);
  EXPECT_EQ(Text(reader.TakeBody()), "hello");
}

TEST(RequestReaderTest, OffersNoRoomForChunks) {
  RequestReader reader({});
  FeedAll(reader, kChunked.substr(0, kChunked.find("3\r\n")), 1000);
  ASSERT_EQ(reader.state(), State::kBody);
  EXPECT_TRUE(reader.BodySpace().empty());
}

TEST(RequestReaderTest, KnowsWhetherTheConnectionStays) {
  const auto keeps = [](std::string_view text) {
    RequestReader reader({});
    FeedAll(reader, text, 1000);
    EXPECT_EQ(reader.state(), State::kDone) << text;
    return reader.head().keep_alive;
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(RequestReaderTest, ReadsExpectation) {
  RequestReader reader({});
  FeedAll(reader, "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n",
          1000);
  EXPECT_EQ(reader.state(), State::kBody);
  EXPECT_TRUE(reader.head().expects_continue);
}

struct Refusal {
  std::string_view request;
  int status;
  std::string_view message;
};

class RefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusalTest, NamesStatusAndReason) {
  RequestReader reader({.header_bytes = 200, .body_bytes = 10});
  FeedAll(reader, GetParam().request, 1000);
  ASSERT_EQ(reader.state(), State::kFailed);
  EXPECT_EQ(reader.error().status, GetParam().status);
  EXPECT_THAT(reader.error().message, HasSubstr(GetParam().message));
  EXPECT_EQ(reader.Feed(Bytes("more")), 0U);
}

const std::string kLongHead = "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(300, 'x');
const std::string kLongChunkHeader =
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(300, 'x');

INSTANTIATE_TEST_SUITE_P(
    Requests, RefusalTest,
    ::testing::Values(
        Refusal{"\x16\x03\x01 TLS\r\n\r\n", 400, "malformed HTTP"},
        Refusal{"GET /\r\n\r\n", 400, "malformed HTTP"},
        Refusal{"GET / HTTP/2.0\r\n\r\n", 400, "malformed HTTP"},
        Refusal{"GET / HTTP/1.1\r\nHost h\r\n\r\n", 400, "malformed HTTP"},
        Refusal{"GET / HTTP/1.1\r\n\r\n", 400, "0 Host headers"},
        Refusal{"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "2 Host headers"},
        Refusal{kLongHead, 431, "more than 200 bytes"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n", 413,
                "11 bytes, the limit is 10"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n", 400, "malformed HTTP"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400, "malformed HTTP"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", 400,
                "malformed HTTP"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400,
                "malformed HTTP"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n"
                "Transfer-Encoding: chunked\r\n\r\n",
                400, "malformed HTTP"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501,
                "'gzip', expected chunked"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\n\r\n", 415,
                "'gzip', expected none"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n", 417, "'tea'"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nInference-Header-Content-Length: -1\r\n\r\n", 400,
                "Inference-Header-Content-Length is '-1'"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nInference-Header-Content-Length: 1\r\n"
                "Inference-Header-Content-Length: 2\r\n\r\n",
                400, "Inference-Header-Content-Length is '2'"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400,
                "malformed HTTP"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                "6\r\nabcdef\r\n6\r\nabcdef\r\n",
                413, "12 bytes, the limit is 10"},
        Refusal{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                "1\r\na\r\nffffffffffffffff\r\n",
                413, "the limit is 10"},
        Refusal{kLongChunkHeader, 431, "chunk header"}));

}  // namespace
}  // namespace delen::frontend
