#include "frontend/http/request_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <new>
#include <utility>

#include "frontend/http/request_parser.h"

namespace delen::frontend {

class RequestReader::Impl {
 public:
  explicit Impl(Limits limits) : limits_(limits) { Reset(); }

  void Reset() {
    parser_.emplace(limits_);
    state_ = State::kHead;
  }

  std::size_t Feed(std::span<const std::byte> bytes) {
    if (state_ == State::kHead) return FeedHead(bytes);
    if (state_ != State::kBody) return 0;
    return parser_->chunked() ? FeedChunks(bytes) : FeedBody(bytes);
  }

  std::span<std::byte> BodySpace() {
    if (state_ != State::kBody || parser_->chunked()) return {};
    return parser_->body()->Space(BodyLeft());
  }

  void BodyArrived(std::size_t count) {
    parser_->body()->Commit(count);
    if (BodyLeft() == 0) state_ = State::kDone;
  }

  void Fail(int status, std::string message) {
    if (!parser_->error()) parser_->error() = HttpError{status, std::move(message)};
    state_ = State::kFailed;
  }

  State state() const { return state_; }
  RequestParser& parser() { return *parser_; }

 private:
  std::size_t BodyLeft() {
    return parser_->head().content_length.value_or(0) - parser_->body()->size();
  }

  std::size_t FeedHead(std::span<const std::byte> bytes) {
    const std::size_t used = Put(bytes);
    if (state_ == State::kFailed || !parser_->is_header_done()) return used;
    parser_->FinishHead();
    if (parser_->error()) {
      state_ = State::kFailed;
    } else if (parser_->body()) {
      state_ = State::kBody;
      parser_->eager(true);
    } else {
      state_ = State::kDone;
    }
    return used;
  }

  std::size_t FeedBody(std::span<const std::byte> bytes) {
    const std::span<const std::byte> part = bytes.first(std::min(bytes.size(), BodyLeft()));
    parser_->body()->Append(part);
    if (BodyLeft() == 0) state_ = State::kDone;
    return part.size();
  }

  std::size_t FeedChunks(std::span<const std::byte> bytes) {
    const std::size_t used = Put(bytes);
    if (state_ == State::kBody && parser_->is_done()) state_ = State::kDone;
    if (state_ == State::kBody && used == 0 && bytes.size() >= limits_.header_bytes) {
      Fail(431,
           fmt::format("chunk header or trailers have more than {} bytes", limits_.header_bytes));
    }
    return used;
  }

  // Hands bytes to Beast and takes its complaints.
  std::size_t Put(std::span<const std::byte> bytes) {
    boost::system::error_code code;
    const std::size_t used = parser_->put({bytes.data(), bytes.size()}, code);
    if (!code || code == boost::beast::http::error::need_more) return used;
    if (code == boost::beast::http::error::header_limit) {
      Fail(431, fmt::format("request head has more than {} bytes", limits_.header_bytes));
    } else {
      Fail(400, fmt::format("malformed HTTP: {}", code.message()));
    }
    return used;
  }

  const Limits limits_;
  std::optional<RequestParser> parser_;
  State state_ = State::kHead;
};

namespace {
constexpr int kOutOfMemoryStatus = 503;
constexpr const char* kOutOfMemory = "out of memory for the request body";
}  // namespace

RequestReader::RequestReader(Limits limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestReader::~RequestReader() = default;

void RequestReader::Reset() { impl_->Reset(); }

std::size_t RequestReader::Feed(std::span<const std::byte> bytes) {
  try {
    return impl_->Feed(bytes);
  } catch (const std::bad_alloc&) {
    impl_->Fail(kOutOfMemoryStatus, kOutOfMemory);
    return 0;
  }
}

std::span<std::byte> RequestReader::BodySpace() {
  try {
    return impl_->BodySpace();
  } catch (const std::bad_alloc&) {
    impl_->Fail(kOutOfMemoryStatus, kOutOfMemory);
    return {};
  }
}

void RequestReader::BodyArrived(std::size_t count) { impl_->BodyArrived(count); }

RequestReader::State RequestReader::state() const { return impl_->state(); }
const RequestHead& RequestReader::head() const { return impl_->parser().head(); }
const HttpError& RequestReader::error() const { return *impl_->parser().error(); }

std::size_t RequestReader::body_received() const {
  const std::optional<BodyBuffer>& body = impl_->parser().body();
  return body ? body->size() : 0;
}

RequestBody RequestReader::TakeBody() {
  std::optional<BodyBuffer>& body = impl_->parser().body();
  return body ? body->Take() : RequestBody{};
}

}  // namespace delen::frontend
