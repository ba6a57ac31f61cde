// The example in docs/scheduling.md: three requests at one instant, and not time
// enough for all that they would like.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/testing/sample_model.h"
#include "scheduler/scheduler.h"

namespace delen::scheduler {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

const std::map<core::RequestId, std::string> kNames = {{1, "A"}, {2, "B"}, {3, "C"}};

// Runs what the scheduler asks for, each stage as long as the profile says, and
// writes down what happens.
std::vector<std::string> Play(Scheduler& scheduler, const core::ExitTable& exits) {
  std::vector<std::string> lines;
  TimePoint now;
  while (const std::optional<Action> action = scheduler.Next(now)) {
    const double ms = InMilliseconds(now.since_origin());
    const std::string& name = kNames.at(action->id);
    if (action->kind != Action::Kind::kRunStage) {
      lines.push_back(fmt::format("{:.0f} ms: {} is answered from exit {}{}", ms, name,
                                  action->account.exit, action->account.missed.empty() ? "" : "!"));
      continue;
    }
    lines.push_back(fmt::format("{:.0f} ms: {} runs stage {}", ms, name, action->stage));
    const Seconds time =
        exits.CostsFor(1).table->stages[static_cast<std::size_t>(action->stage)].p50;
    now = now + time;
    scheduler.OnStageDone({{}, time, std::array{0.5}}, now);
  }
  return lines;
}

TEST(WorkedExample, GoesAsTheDocumentationSays) {
  const core::ExitTable exits = core::testing::SampleExits();
  Scheduler scheduler({});
  core::RequestId id = 0;
  for (const Seconds bound : {7_ms, 8_ms, 20_ms}) {
    Job job;
    job.id = ++id;
    job.bounds.max_latency = bound;
    job.exits = &exits;
    ASSERT_TRUE(scheduler.OnArrival(job, TimePoint()));
  }
  const std::vector<std::string> expected = {
      "0 ms: A runs stage 0",
      "1 ms: A runs stage 1",
      "3 ms: A is answered from exit 1",
      "3 ms: B runs stage 0",
      "4 ms: B runs stage 1",
      "6 ms: B is answered from exit 1",
      "6 ms: C runs stage 0",
      "7 ms: C runs stage 1",
      "9 ms: C runs stage 2",
      "12 ms: C is answered from exit 2",
  };
  EXPECT_EQ(Play(scheduler, exits), expected);
}

}  // namespace
}  // namespace delen::scheduler
