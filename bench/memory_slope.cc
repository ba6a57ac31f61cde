#include "memory_slope.h"

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "overload.h"
#include "served_load.h"

namespace delen::bench {
namespace {

constexpr double kLoad = 3.0;  // times the capacity
constexpr std::chrono::seconds kInterval{1};

struct Sample {
  double minutes = 0.0;
  double megabytes = 0.0;
};

// A process's memory that is in RAM, in megabytes.
Result<double> ReadRss(pid_t pid) {
  const std::string path = fmt::format("/proc/{}/status", pid);
  constexpr std::string_view kKey = "VmRSS:";
  std::ifstream status(path);
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(kKey)) continue;
    return std::strtod(line.c_str() + kKey.size(), nullptr) * 1024.0 / 1e6;  // from kibibytes
  }
  return Unavailable("{} has no line '{}'", path, kKey);
}

Result<std::vector<Sample>> Watch(pid_t pid, Seconds time) {
  std::vector<Sample> samples;
  const auto begun = std::chrono::steady_clock::now();
  const std::chrono::duration<double> length(time.value());
  for (auto next = begun; next - begun < length; next += kInterval) {
    std::this_thread::sleep_until(next);
    const Result<double> rss = ReadRss(pid);
    if (!rss) return rss.error();
    const std::chrono::duration<double, std::ratio<60>> passed = next - begun;
    samples.push_back({passed.count(), *rss});
  }
  return samples;
}

// Of the least-squares line through the samples' second half.
double SlopeOfSecondHalf(const std::vector<Sample>& samples) {
  const std::vector<Sample> half(samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2),
                                 samples.end());
  const auto count = static_cast<double>(half.size());
  Sample mean;
  for (const Sample& sample : half) {
    mean.minutes += sample.minutes / count;
    mean.megabytes += sample.megabytes / count;
  }
  double together = 0.0;
  double alone = 0.0;
  for (const Sample& sample : half) {
    together += (sample.minutes - mean.minutes) * (sample.megabytes - mean.megabytes);
    alone += (sample.minutes - mean.minutes) * (sample.minutes - mean.minutes);
  }
  return together / alone;
}

nlohmann::ordered_json Megabytes(const std::vector<Sample>& samples) {
  nlohmann::ordered_json megabytes = nlohmann::ordered_json::array();
  for (const Sample& sample : samples) megabytes.push_back(sample.megabytes);
  return megabytes;
}

}  // namespace

Status ReportMemory(const TenantsSetting& setting, Report& report) {
  const Result<BundledLoad> bundled = PrepareBundled(setting);
  if (!bundled) return bundled.error();
  const Result<ServedLoad> server = ServedLoad::StartBundled(setting);
  if (!server) return server.error();
  const Result<client::LoadInputs> pictures = bundled->Pictures(1);
  if (!pictures) return pictures.error();
  const Seconds time = setting.quick ? Seconds(5.0) : setting.memory_time;
  const workload::Scenario scenario = ThreeTenants(*bundled, "delen", kLoad, time);
  if (Status put = server->Put(scenario); !put) return put;
  auto watching = std::async(std::launch::async, Watch, server->pid(), time);
  const std::vector<client::LoadInputs> inputs(scenario.tenants.size(), *pictures);
  const Result<client::LoadReport> load =
      server->Play(scenario, inputs, {.label = "memory: at 3x"});
  const Result<std::vector<Sample>> samples = watching.get();
  if (!load) return load.error();
  if (!samples) return samples.error();
  report.Figure("memory.rss_slope_mb_per_min", SlopeOfSecondHalf(*samples), "MB/min", "near 0");
  report.details("memory") = {{"load", kLoad},
                              {"minutes", time.value() / 60.0},
                              {"all", TallyJson(*load, load->Total())},
                              {"rss_mb_each_second", Megabytes(*samples)}};
  return {};
}

}  // namespace delen::bench
