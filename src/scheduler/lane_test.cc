#include "scheduler/lane.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "executor/testing/sample_served_model.h"

namespace delen::scheduler {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

// Writes down what it is told.
class ListeningObserver final : public LaneObserver {
 public:
  void OnStage(const StageRun& run) override {
    Add(fmt::format("{} stage {}: {} requests, {} rows, {:.0f} ms, {} threads", run.model.spec.name,
                    run.stage, run.requests, run.rows, InMilliseconds(run.time), run.threads));
  }
  void OnAnswer(const AnsweredRequest& answered) override {
    Add(fmt::format("{} of '{}': exit {}", answered.model.spec.name, answered.request.tenant,
                    answered.account.exit));
  }
  void OnRefused(std::string_view tenant, std::string_view model, ErrorCode why) override {
    Add(fmt::format("{} of '{}': {}", model, tenant, Name(why)));
  }

  std::vector<std::string> told() {
    const MutexLock lock(mutex_);
    return told_;
  }

 private:
  void Add(std::string line) {
    const MutexLock lock(mutex_);
    told_.push_back(std::move(line));
  }

  Mutex mutex_;
  std::vector<std::string> told_ GUARDED_BY(mutex_);
};

// A lane over the sample model. Its clock moves only while stages run.
class LaneTest : public ::testing::Test {
 protected:
  Submission NewSubmission(core::Bounds bounds, Done done) {
    Submission submission;
    submission.id = ++last_id_;
    submission.request.inputs = executor::testing::SampleInputs();
    submission.request.bounds = bounds;
    submission.model = model_;
    submission.done = std::move(done);
    return submission;
  }

  delen::testing::ManualClock clock_;
  std::shared_ptr<executor::ServedModel> model_ = executor::testing::SampleServedModel(clock_);
  core::RequestId last_id_ = 0;
};

TEST_F(LaneTest, AnswersWithTheExitsTensorAndTheAccount) {
  std::promise<Result<core::Response>> promise;
  Lane lane({}, clock_);
  lane.Submit(NewSubmission({}, [&](auto response) { promise.set_value(std::move(response)); }));
  const Result<core::Response> response = promise.get_future().get();
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->model, "sample");
  EXPECT_EQ(response->account.exit, 2);
  EXPECT_EQ(response->output.name, "output");
  EXPECT_EQ(response->output.shape, (core::Shape{1, 2}));
  EXPECT_EQ(response->output.bytes.size(), 2 * sizeof(float));
}

TEST_F(LaneTest, EveryRequestIsAnsweredExactlyOnce) {
  constexpr std::size_t kRequests = 200;
  std::vector<std::atomic<int>> answers(kRequests);
  {
    Lane lane({.max_jobs = 8}, clock_);
    for (std::size_t i = 0; i < kRequests; ++i) {
      lane.Submit(NewSubmission({.objective = core::Objective::kLatency},
                                [&answers, i](const auto&) { ++answers[i]; }));
      if (i % 7 == 0) lane.Cancel(last_id_);
    }
  }
  for (const std::atomic<int>& count : answers) EXPECT_EQ(count, 1);
}

TEST_F(LaneTest, RefusesAtOnceWhatCannotBeMet) {
  std::optional<ErrorCode> code;
  Lane lane({}, clock_);
  lane.Submit(NewSubmission({.max_latency = 0.1_ms, .on_infeasible = core::OnInfeasible::kReject},
                            [&](const auto& response) { code = response.error().code; }));
  EXPECT_EQ(code, ErrorCode::kInfeasible);
}

TEST_F(LaneTest, ALaneThatGoesAnswersWhatItStillHolds) {
  std::atomic<int> answers = 0;
  {
    Lane lane({}, clock_);
    for (int i = 0; i < 10; ++i) lane.Submit(NewSubmission({}, [&](const auto&) { ++answers; }));
  }
  EXPECT_EQ(answers, 10);
}

TEST_F(LaneTest, TellsItsObserverBeforeTheAnswerGoesOut) {
  ListeningObserver observer;
  Lane lane({}, clock_, &observer);
  std::promise<std::vector<std::string>> promise;
  Submission submission = NewSubmission({.max_latency = 4_ms},
                                        [&](const auto&) { promise.set_value(observer.told()); });
  submission.request.tenant = "robot";
  lane.Submit(std::move(submission));
  EXPECT_EQ(promise.get_future().get(),
            (std::vector<std::string>{"sample stage 0: 1 requests, 1 rows, 1 ms, 1 threads",
                                      "sample stage 1: 1 requests, 1 rows, 2 ms, 1 threads",
                                      "sample of 'robot': exit 1"}));
}

TEST_F(LaneTest, TellsItsObserverWhatGotNoAnswer) {
  ListeningObserver observer;
  std::vector<std::string> told;
  Lane lane({}, clock_, &observer);
  lane.Submit(NewSubmission({.max_latency = 0.1_ms, .on_infeasible = core::OnInfeasible::kReject},
                            [&](const auto&) { told = observer.told(); }));
  EXPECT_EQ(told, (std::vector<std::string>{"sample of '': infeasible"}));
}

TEST_F(LaneTest, SaysHowItFares) {
  Lane lane({}, clock_);
  EXPECT_EQ(lane.state().threads, 0);
  EXPECT_EQ(lane.state().waiting, 0U);
  EXPECT_DOUBLE_EQ(lane.state().slowdown, 1.0);
  std::promise<LaneState> promise;
  lane.Submit(NewSubmission({}, [&](const auto&) { promise.set_value(lane.state()); }));
  EXPECT_EQ(promise.get_future().get().threads, 1);
}

}  // namespace
}  // namespace delen::scheduler
