#include "apps/profile_report.h"

#include <gtest/gtest.h>

#include "core/testing/sample_model.h"

namespace delen::apps {
namespace {

TEST(ProfileReport, ShowsExitsCostsAndSources) {
  core::ModelVersion model = core::testing::SampleModel();
  model.profile.stage_flops = {1e6, 2e6, 3e6, 4e6};
  model.profile.machine = {"Some CPU", 4, "onnxruntime 1.2.3"};
  model.profile.quality->exits[0].temperature = 1.5;
  model.profile.quality->exits[0].calibration_error = 0.0123;
  EXPECT_EQ(ProfileReport(model), R"(sample version 1

exit  name    MFLOP  accuracy  temperature  calibration error
   0  exit_0   1.00   60.00 %        1.500             1.23 %
   1  exit_1   3.00   80.00 %        1.000             0.00 %
   2  exit_2   6.00   90.00 %        1.000             0.00 %
   3  exit_3  10.00   85.00 %        1.000             0.00 %  no better than an earlier exit

Up to each exit, batch of 1:
threads  exit  p50 ms  p95 ms  p99 ms  energy mJ
      1     0   1.000   1.000   1.000      1.000
      1     1   3.000   3.000   3.000      3.000
      1     2   6.000   6.000   6.000      6.000
      1     3  10.000  10.000  10.000     10.000

measured on Some CPU, 4 cores, with onnxruntime 1.2.3
energy from: model
accuracy from: literals, 100000 samples, 6 points for accuracy floors
)");
}

TEST(ProfileReport, SaysWhatIsUnknown) {
  core::ModelVersion model = core::testing::SampleModel();
  model.profile.quality.reset();
  model.profile.costs[0].batch = 2;
  const std::string report = ProfileReport(model);
  EXPECT_NE(report.find("   0  exit_0   0.00  -         -            -\n"), std::string::npos)
      << report;
  EXPECT_NE(report.find("Up to each exit, batch of 2:\n"), std::string::npos);
  EXPECT_NE(report.find("measured on an unnamed processor"), std::string::npos);
  EXPECT_NE(report.find("accuracy unknown: give labelled data with --data\n"), std::string::npos);
}

TEST(ProfileReport, SaysThatTheMachineWasBusy) {
  core::ModelVersion model = core::testing::SampleModel();
  const std::string busy = "the machine was busy with something else";
  EXPECT_EQ(ProfileReport(model).find(busy), std::string::npos);
  model.profile.costs[0].stages[3].p99 = Seconds(0.1);  // of 10 ms in all
  EXPECT_NE(ProfileReport(model).find(busy), std::string::npos);
}

}  // namespace
}  // namespace delen::apps
