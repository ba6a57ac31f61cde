#include "apps/load_run.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "apps/console/progress_bar.h"
#include "base/clock.h"
#include "client/http_connection.h"
#include "client/infer_message.h"
#include "tenants/tenant_json.h"

namespace delen::apps {
namespace {

constexpr Seconds kPatience{30.0};

// Shows how far `progress` is: requests where their number is known, else seconds.
void Show(const workload::Scenario& scenario, const client::LoadProgress& progress, Seconds passed,
          const std::string& label, ProgressBar& bar) {
  if (scenario.requests) {
    return bar.Update(progress.finished, static_cast<std::size_t>(*scenario.requests), label);
  }
  const auto in_ms = [](Seconds time) { return static_cast<std::size_t>(InMilliseconds(time)); };
  bar.Update(in_ms(std::min(passed, *scenario.duration)), in_ms(*scenario.duration), label);
}

}  // namespace

Status DeclareTenants(const workload::Scenario& scenario, const std::string& address,
                      std::uint16_t port) {
  Result<client::HttpConnection> http = client::HttpConnection::Connect(address, port, kPatience);
  if (!http) return std::move(http).error();
  for (const workload::ScenarioTenant& tenant : scenario.tenants) {
    const Result<client::HttpReply> reply =
        http->Put("/v2/tenants/" + tenant.terms.name, tenants::FormatTenant(tenant.terms));
    if (!reply) return reply.error();
    if (reply->status / 100 != 2) return client::RefusalOf(reply->status, reply->body);
  }
  return {};
}

Result<client::LoadReport> RunShown(const client::LoadPlan& plan,
                                    const client::LoadOptions& options, const std::string& label) {
  const SteadyClock clock;
  client::LoadProgress progress;
  auto running = std::async(std::launch::async,
                            [&] { return client::RunLoad(plan, options, clock, progress); });
  ProgressBar bar(clock);
  const TimePoint begun = clock.Now();
  while (running.wait_for(std::chrono::milliseconds(250)) != std::future_status::ready) {
    Show(plan.scenario, progress, clock.Now() - begun, label, bar);
  }
  return running.get();
}

}  // namespace delen::apps
