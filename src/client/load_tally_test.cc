#include "client/load_tally.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>

namespace delen::client {
namespace {

using namespace literals;
using ::testing::ElementsAre;

// Two rows of three classes; the best are 2 and 0.
core::Tensor Scores() {
  const std::array<float, 6> scores = {0.1F, 0.2F, 0.7F, 0.9F, 0.1F, 0.0F};
  std::vector<std::byte> bytes(sizeof scores);
  std::memcpy(bytes.data(), scores.data(), sizeof scores);
  return core::OwningTensor("scores", core::DataType::kFp32, {2, 3}, std::move(bytes));
}

InferReply Reply(core::Parameters more = {}) {
  InferReply reply;
  reply.parameters = {{"exit", std::int64_t{1}}, {"latency_ms", 3.0},        {"device_ms", 2.0},
                      {"energy_mj", 40.0},       {"accuracy_estimate", 0.8}, {"confidence", 0.6}};
  for (auto& parameter : more) reply.parameters.push_back(std::move(parameter));
  reply.output = Scores();
  return reply;
}

std::string MissedBy(const core::Bounds& bounds, Seconds latency) {
  return core::ToString(AccountOf(Reply(), bounds, latency).value().missed);
}

TEST(AccountOf, JudgesLatencyByTheClientsClock) {
  EXPECT_EQ(MissedBy({.max_latency = 4_ms}, 4_ms), "");
  EXPECT_EQ(MissedBy({.max_latency = 4_ms}, 4.1_ms), "max_latency_ms");
}

TEST(AccountOf, JudgesTheOtherBoundsByTheServersAccount) {
  EXPECT_EQ(MissedBy({.max_energy = 40.1_mJ, .min_accuracy = 0.8, .min_confidence = 0.6}, 1_s), "");
  EXPECT_EQ(MissedBy({.max_energy = 39_mJ, .min_accuracy = 0.9, .min_confidence = 0.7}, 1_s),
            "max_energy_mj,min_accuracy,min_confidence");
}

TEST(AccountOf, KeepsWhatTheServerTellsOfItsWork) {
  const core::Account account = AccountOf(Reply({{"degraded", true}}), {}, 5_ms).value();
  EXPECT_EQ(account.exit, 1);
  EXPECT_EQ(account.latency, 5_ms);
  EXPECT_EQ(account.device, 2_ms);
  EXPECT_EQ(account.energy, 40_mJ);
  EXPECT_EQ(account.accuracy_estimate, 0.8);
  EXPECT_TRUE(account.degraded);
}

TEST(AccountOf, RefusesAnswersWithoutAnExit) {
  InferReply reply = Reply();
  reply.parameters.erase(reply.parameters.begin());
  EXPECT_EQ(AccountOf(reply, {}, 1_ms).error().message, "the answer has no parameter 'exit'");
  EXPECT_EQ(AccountOf(Reply({{"exit", std::int64_t{-1}}}), {}, 1_ms).error().message,
            "the answer is from exit -1, expected one below 32");
}

TEST(LoadTally, CountsAnswersAndLabels) {
  LoadTally tally;
  const core::Bounds bounds{.max_latency = 10_ms};
  tally.OnAnswer(Reply(), bounds, 8_ms, std::array<std::int32_t, 2>{2, 1});
  tally.OnAnswer(Reply(), bounds, 12_ms, {});
  tally.OnAnswer(Reply(), bounds, 9_ms, std::array<std::int32_t, 1>{2});  // two rows, one label
  EXPECT_EQ(tally.counts.answered, 3U);
  EXPECT_EQ(tally.counts.kept, 2U);
  EXPECT_THAT(tally.counts.exits, ElementsAre(0, 3));
  EXPECT_EQ(tally.counts.latency.max(), 12_ms);
  EXPECT_EQ(tally.server_latency.max(), 3_ms);
  EXPECT_EQ(tally.labelled, 2U);
  EXPECT_EQ(tally.correct, 1U);
}

TEST(LoadTally, TellsRefusalsFromFailures) {
  LoadTally tally;
  for (const int status : {422, 429, 503}) tally.OnRefusal(RefusalOf(status, "{}"));
  EXPECT_EQ(tally.counts.refused, 3U);
  tally.OnRefusal(RefusalOf(400, R"({"error": "no such input"})"));
  tally.OnRefusal(RefusalOf(500, "broken"));
  tally.OnFailure(Unavailable("cannot connect"));
  tally.OnAnswer(InferReply{}, {}, 1_ms, {});
  EXPECT_EQ(tally.counts.refused, 3U);
  EXPECT_EQ(tally.counts.dropped, 4U);
  EXPECT_EQ(tally.counts.answered, 0U);
  EXPECT_EQ(tally.first_error, "no such input");
}

TEST(LoadReport, AddsUpItsTenants) {
  LoadReport report{.tenants = std::vector<LoadTally>(2), .time = 2_s};
  report.tenants[0].OnAnswer(Reply(), {}, 1_ms, std::array<std::int32_t, 2>{2, 0});
  report.tenants[1].OnAnswer(Reply(), {}, 5_ms, {});
  report.tenants[1].waited = 7;
  report.tenants[1].first_error = "lost";
  const LoadTally total = report.Total();
  EXPECT_EQ(total.counts.tenant, "all");
  EXPECT_EQ(total.counts.kept, 2U);
  EXPECT_EQ(total.waited, 7U);
  EXPECT_EQ(total.correct, 2U);
  EXPECT_EQ(total.first_error, "lost");
  EXPECT_DOUBLE_EQ(report.Goodput(total), 1.0);
}

}  // namespace
}  // namespace delen::client
