#include "apps/tenant_settings.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "apps/console/table.h"

namespace delen::apps {
namespace {

using Json = nlohmann::json;

std::string TextOf(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// The value of a setting; null when the tenant does not have it.
Json Get(const Json& tenant, const TenantSetting& setting) {
  const std::string_view group = setting.group;
  const Json holder = group.empty() ? tenant : tenant.value(setting.group, Json::object());
  return holder.value(setting.key, Json());
}

bool IsDefault(const TenantSetting& setting, const Json& value) {
  const std::string_view key = setting.key;
  return (key == "on_infeasible" && value == "best_effort") || (key == "burst" && value == 1);
}

// "max_latency_ms 20, min_accuracy 0.9"; "-" when all is at its default.
std::string Summary(const Json& tenant, std::string_view group) {
  std::string text;
  for (const TenantSetting& setting : kTenantSettings) {
    const Json value = Get(tenant, setting);
    if (setting.group != group || value.is_null() || IsDefault(setting, value)) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", setting.key, TextOf(value));
  }
  return text.empty() ? "-" : text;
}

}  // namespace

Status Set(Json& tenant, const TenantSetting& setting, const std::string& value) {
  const std::string_view group = setting.group;
  Json& holder = group.empty() ? tenant : tenant[setting.group];
  if (holder.is_null()) holder = Json::object();
  if (value == kNoSetting) {
    holder.erase(setting.key);
    return {};
  }
  if (!setting.number) {
    holder[setting.key] = value;
    return {};
  }
  constexpr bool kNoExceptions = false;
  const Json number = Json::parse(value, nullptr, kNoExceptions);
  if (!number.is_number()) {
    return InvalidArgument("{} is '{:.64}', expected a number or {}", setting.flag, value,
                           kNoSetting);
  }
  holder[setting.key] = number;
  return {};
}

std::string TenantsTable(const Json& tenants) {
  Table table({"name", "weight", "policy", "bounds", "quotas"});
  for (const Json& tenant : tenants) {
    table.AddRow({TextOf(tenant.value("name", Json())), TextOf(tenant.value("weight", Json())),
                  TextOf(tenant.value("policy", Json())), Summary(tenant, "bounds"),
                  Summary(tenant, "quotas")});
  }
  return table.Text();
}

std::string TenantTable(const Json& tenant) {
  Table table({"setting", "value"});
  table.AddRow({"name", TextOf(tenant.value("name", Json()))});
  for (const TenantSetting& setting : kTenantSettings) {
    const Json value = Get(tenant, setting);
    if (!value.is_null()) table.AddRow({setting.key, TextOf(value)});
  }
  return table.Text();
}

}  // namespace delen::apps
