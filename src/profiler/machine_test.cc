#include "profiler/machine.h"

#include <gtest/gtest.h>

#include <fstream>

namespace delen::profiler {
namespace {
namespace fs = std::filesystem;

std::string NameIn(const std::string& cpuinfo) {
  const fs::path proc = fs::path(testing::TempDir()) / "machine_test_proc";
  fs::create_directories(proc);
  std::ofstream(proc / "cpuinfo") << cpuinfo;
  std::string name = DescribeMachine("r", proc).cpu;
  fs::remove_all(proc);
  return name;
}

TEST(Machine, NamesTheProcessorOrTheBoard) {
  EXPECT_EQ(NameIn("processor\t: 0\nmodel\t\t: 17\nmodel name\t: Some CPU @ 2.60GHz\n"),
            "Some CPU @ 2.60GHz");
  EXPECT_EQ(NameIn("processor\t: 0\nCPU part\t: 0xd08\n\nModel\t\t: Some Board Rev 1.4\n"),
            "Some Board Rev 1.4");
  EXPECT_EQ(NameIn("no colon\nmodel name\t:\n"), "");
}

TEST(Machine, SaysWhatItCan) {
  const core::Machine machine = DescribeMachine("onnxruntime 1.2.3", "/nonexistent");
  EXPECT_EQ(machine.cpu, "");
  EXPECT_GE(machine.cores, 0);
  EXPECT_EQ(machine.runtime, "onnxruntime 1.2.3");
}

}  // namespace
}  // namespace delen::profiler
