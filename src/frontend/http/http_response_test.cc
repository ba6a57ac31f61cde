#include "frontend/http/http_response.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace delen::frontend {
namespace {

std::string Head(const HttpResponse& response, Connection connection = Connection::kKeepAlive) {
  std::string out;
  AppendHead(out, response, connection);
  return out;
}

TEST(HttpResponseTest, HeadOfAnEmptyResponse) {
  EXPECT_EQ(Head({}), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST(HttpResponseTest, HeadOfJson) {
  HttpResponse response;
  response.body = "{}";
  EXPECT_EQ(Head(response, Connection::kClose),
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n"
            "Connection: close\r\n\r\n");
  EXPECT_EQ(Head(response, Connection::kSaysKeepAlive),
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n"
            "Connection: keep-alive\r\n\r\n");
}

TEST(HttpResponseTest, HeadOfJsonWithBytesBehind) {
  HttpResponse response;
  response.body = "{}";
  response.tail = core::OwningTensor("y", core::DataType::kUint8, {5}, std::vector<std::byte>(5));
  EXPECT_EQ(Head(response),
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Type: application/octet-stream\r\n"
            "Inference-Header-Content-Length: 2\r\n\r\n");
}

TEST(HttpResponseTest, ErrorsHaveTheProtocolsForm) {
  const HttpResponse response = ErrorResponse(404, "no \"m\"");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, R"({"error":"no \"m\""})");
}

TEST(HttpResponseTest, OverloadSaysWhenToComeBack) {
  const HttpResponse response = ErrorResponse(Error{ErrorCode::kOverloaded, "full"});
  EXPECT_EQ(Head(response),
            "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 16\r\n"
            "Content-Type: application/json\r\nRetry-After: 1\r\n\r\n");
}

TEST(HttpResponseTest, RetryAfterIsInWholeSecondsRoundedUp) {
  const auto line = [](double seconds) {
    return ErrorResponse(Error{ErrorCode::kOverloaded, "full", Seconds(seconds)}).extra;
  };
  EXPECT_EQ(line(0.0), "Retry-After: 1\r\n");
  EXPECT_EQ(line(0.2), "Retry-After: 1\r\n");
  EXPECT_EQ(line(2.0), "Retry-After: 2\r\n");
  EXPECT_EQ(line(2.1), "Retry-After: 3\r\n");
  EXPECT_EQ(line(1e300), "Retry-After: 1000000000\r\n");
  EXPECT_EQ(ErrorResponse(Error{ErrorCode::kUnavailable, "stopping", Seconds(5.0)}).extra,
            "Retry-After: 5\r\n");
  EXPECT_EQ(ErrorResponse(Error{ErrorCode::kUnavailable, "stopping"}).extra, "");
}

TEST(ErrorStatusTest, EveryCodeHasItsStatus) {
  const std::vector<std::pair<ErrorCode, int>> table = {
      {ErrorCode::kPermissionDenied, 403}, {ErrorCode::kInvalidArgument, 400},
      {ErrorCode::kNotFound, 404},         {ErrorCode::kInfeasible, 422},
      {ErrorCode::kOverloaded, 429},       {ErrorCode::kDeadlineExceeded, 504},
      {ErrorCode::kCancelled, 499},        {ErrorCode::kUnsupported, 501},
      {ErrorCode::kUnavailable, 503},      {ErrorCode::kInternal, 500},
  };
  for (const auto& [code, status] : table) {
    EXPECT_EQ(HttpStatus(code), status) << Name(code);
    EXPECT_NE(ReasonPhrase(status), "") << status;
  }
}

}  // namespace
}  // namespace delen::frontend
