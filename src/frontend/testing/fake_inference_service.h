// A service that runs no model: it sends the first input back, at once, from
// another thread, or when the test says so.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "admission/inference_service.h"

namespace delen::frontend::testing {

// Threads: all methods may be called from any thread.
class FakeInferenceService final : public admission::InferenceService {
 public:
  enum class Mode {
    kInline,  // answers before Submit returns
    kWorker,  // answers from a thread of its own
    kHold,    // answers on Release() or Cancel()
  };

  explicit FakeInferenceService(Mode mode = Mode::kInline) : mode_(mode) {
    if (mode_ == Mode::kWorker) worker_ = std::thread([this] { Work(); });
  }
  ~FakeInferenceService() override {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (worker_.joinable()) worker_.join();
  }

  // Answers each request from now on with this error.
  void FailWith(Error error) {
    const std::scoped_lock lock(mutex_);
    error_ = std::move(error);
  }
  // Changes each answer from now on.
  void Adjust(std::function<void(core::Response&)> adjust) {
    const std::scoped_lock lock(mutex_);
    adjust_ = std::move(adjust);
  }

  core::RequestId Submit(core::Request request, Done done) override {
    std::unique_lock lock(mutex_);
    const core::RequestId id = ++last_id_;
    last_ = request;
    waiting_.emplace(id, std::pair(std::move(request), std::move(done)));
    changed_.notify_all();
    lock.unlock();
    if (mode_ == Mode::kInline) Finish(id);
    return id;
  }

  void Cancel(core::RequestId id) override {
    std::optional<std::pair<core::Request, Done>> found = Take(id);
    if (!found) return;
    {
      const std::scoped_lock lock(mutex_);
      ++cancelled_;
      changed_.notify_all();
    }
    found->second(MakeError(ErrorCode::kCancelled, "the client went away"));
  }

  // Answers all that waits.
  void Release() {
    std::unique_lock lock(mutex_);
    std::vector<core::RequestId> ids;
    for (const auto& entry : waiting_) ids.push_back(entry.first);
    lock.unlock();
    for (const core::RequestId id : ids) Finish(id);
  }

  // Wait, for 10 s at most, until so many requests are held or were cancelled.
  bool WaitForHeld(std::size_t count) {
    return WaitUntil([&] { return waiting_.size() >= count; });
  }
  bool WaitForCancelled(int count) {
    return WaitUntil([&] { return cancelled_ >= count; });
  }

  core::Request last_request() const {
    const std::scoped_lock lock(mutex_);
    return last_;
  }
  int submitted() const {
    const std::scoped_lock lock(mutex_);
    return static_cast<int>(last_id_);
  }

 private:
  template <class Predicate>
  bool WaitUntil(Predicate predicate) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), predicate);
  }

  std::optional<std::pair<core::Request, Done>> Take(core::RequestId id) {
    const std::scoped_lock lock(mutex_);
    auto node = waiting_.extract(id);
    if (node.empty()) return std::nullopt;
    return std::move(node.mapped());
  }

  void Finish(core::RequestId id) {
    std::optional<std::pair<core::Request, Done>> found = Take(id);
    if (found) found->second(Answer(found->first));
  }

  Result<core::Response> Answer(const core::Request& request) const {
    const std::scoped_lock lock(mutex_);
    if (error_) return *error_;
    core::Response response;
    response.model = request.model;
    response.version = request.version;
    response.tenant = request.tenant;
    response.output = request.inputs.front();
    response.output.name = "y";
    response.account.exit = 1;
    response.account.latency = FromMilliseconds(3.5);
    response.account.energy = FromMillijoules(7.25);
    if (adjust_) adjust_(response);
    return response;
  }

  void Work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const core::RequestId id = waiting_.begin()->first;
      lock.unlock();
      Finish(id);
      lock.lock();
    }
  }

  const Mode mode_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<core::RequestId, std::pair<core::Request, Done>> waiting_;
  core::Request last_;
  core::RequestId last_id_ = 0;
  int cancelled_ = 0;
  bool stopping_ = false;
  std::optional<Error> error_;
  std::function<void(core::Response&)> adjust_;
  std::thread worker_;
};

}  // namespace delen::frontend::testing
