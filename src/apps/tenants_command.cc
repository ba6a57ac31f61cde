#include "apps/tenants_command.h"

#include <fmt/core.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "apps/server_address.h"
#include "apps/tenant_settings.h"
#include "client/http_connection.h"
#include "client/infer_message.h"
#include "core/tenant.h"

namespace delen::apps {
namespace {

using client::HttpConnection;
using client::HttpReply;
using Json = nlohmann::json;

struct TenantsFlags {
  std::string server = "127.0.0.1:8000";
  std::string name;
  std::array<std::optional<std::string>, kTenantSettings.size()> settings;
  bool json = false;
};

constexpr Seconds kPatience{30.0};

Result<HttpConnection> Connect(const std::string& server) {
  const Result<ServerAddress> at = ParseServerAddress(server);
  if (!at) return at.error();
  Result<HttpConnection> connection = HttpConnection::Connect(at->address, at->port, kPatience);
  if (!connection) return WithContext(server, std::move(connection).error());
  return connection;
}

// The JSON of a reply, or the error that it is.
Result<Json> Read(const Result<HttpReply>& reply) {
  if (!reply) return reply.error();
  if (reply->status >= 300) return client::RefusalOf(reply->status, reply->body);
  constexpr bool kNoExceptions = false;
  return Json::parse(reply->body, nullptr, kNoExceptions);
}

std::string PathOf(const std::string& name) { return "/v2/tenants/" + name; }

Status CheckName(const std::string& name) { return core::CheckTenant({.name = name}); }

void Print(const TenantsFlags& flags, const Json& body, const std::string& text) {
  if (flags.json) {
    fmt::print("{}\n", body.dump());
  } else {
    fmt::print("{}", text);
  }
}

Status List(const TenantsFlags& flags, HttpConnection& server) {
  const Result<Json> body = Read(server.Get("/v2/tenants"));
  if (!body) return body.error();
  Print(flags, *body, TenantsTable(body->value("tenants", Json::array())));
  return {};
}

Status Show(const TenantsFlags& flags, HttpConnection& server) {
  const Result<Json> tenant = Read(server.Get(PathOf(flags.name)));
  if (!tenant) return tenant.error();
  Print(flags, *tenant, TenantTable(*tenant));
  return {};
}

// The tenant as it is, or a new one.
Result<Json> Present(const TenantsFlags& flags, HttpConnection& server) {
  Result<Json> tenant = Read(server.Get(PathOf(flags.name)));
  if (!tenant && tenant.error().code == ErrorCode::kNotFound) {
    return Json{{"name", flags.name}};
  }
  return tenant;
}

Status Set(const TenantsFlags& flags, HttpConnection& server) {
  Result<Json> tenant = Present(flags, server);
  if (!tenant) return std::move(tenant).error();
  for (std::size_t i = 0; i < kTenantSettings.size(); ++i) {
    if (!flags.settings[i]) continue;
    Status set = apps::Set(*tenant, kTenantSettings[i], *flags.settings[i]);
    if (!set) return set;
  }
  const Result<HttpReply> reply = server.Put(PathOf(flags.name), tenant->dump());
  const Result<Json> now = Read(reply);
  if (!now) return now.error();
  Print(flags, *now,
        fmt::format("{} tenant '{}'\n\n{}", reply->status == 201 ? "created" : "changed",
                    flags.name, TenantTable(*now)));
  return {};
}

Status Remove(const TenantsFlags& flags, HttpConnection& server) {
  const Result<Json> removed = Read(server.Delete(PathOf(flags.name)));
  if (!removed) return removed.error();
  Print(flags, Json{{"removed", flags.name}}, fmt::format("removed tenant '{}'\n", flags.name));
  return {};
}

using Action = Status (*)(const TenantsFlags&, HttpConnection&);

Status Run(const TenantsFlags& flags, Action action) try {
  if (!flags.name.empty()) {
    if (Status name = CheckName(flags.name); !name) return name;
  }
  Result<HttpConnection> server = Connect(flags.server);
  if (!server) return std::move(server).error();
  return action(flags, *server);
} catch (const Json::exception& failure) {
  return Internal("{}: the answer cannot be read: {}", flags.server, failure.what());
}

// One of the four; options of `tenants` itself may stand behind it.
CLI::App* AddAction(CLI::App& tenants, const std::string& name, const std::string& help,
                    Action action, const std::shared_ptr<TenantsFlags>& flags, int& exit_code) {
  CLI::App* command = tenants.add_subcommand(name, help);
  command->fallthrough();
  command->callback([flags, action, &exit_code] {
    const Status done = Run(*flags, action);
    if (done) return;
    fmt::print(stderr, "delen tenants: {}\n", done.error().message);
    exit_code = 1;
  });
  return command;
}

void AddName(CLI::App& command, TenantsFlags& flags) {
  command.add_option("name", flags.name, "Name of the tenant")->required();
}

}  // namespace

void AddTenantsCommand(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<TenantsFlags>();
  CLI::App* tenants =
      app.add_subcommand("tenants", "Show and change the tenants of a running server");
  tenants->require_subcommand(1);
  tenants->add_option("--server", flags->server, "Address and port (default: 127.0.0.1:8000)");
  tenants->add_flag("--json", flags->json, "Print the server's JSON instead of tables");
  tenants->footer(
      "Example:\n"
      "  delen tenants set robot --weight 3 --max-latency-ms 20 --max-in-flight 8\n"
      "  delen tenants list --server 127.0.0.1:8000");
  AddAction(*tenants, "list", "All tenants", List, flags, exit_code);
  AddName(*AddAction(*tenants, "show", "One tenant", Show, flags, exit_code), *flags);
  CLI::App* set = AddAction(*tenants, "set", "Change a tenant, or make it", Set, flags, exit_code);
  AddName(*set, *flags);
  for (std::size_t i = 0; i < kTenantSettings.size(); ++i) {
    set->add_option(kTenantSettings[i].flag, flags->settings[i], kTenantSettings[i].help);
  }
  set->footer(
      "Example:\n"
      "  delen tenants set robot --weight 3 --max-latency-ms 20 --min-accuracy none\n"
      "What is not named stays as it is; none puts a setting back to its default.");
  AddName(*AddAction(*tenants, "remove", "Remove a tenant; 'default' cannot be", Remove, flags,
                     exit_code),
          *flags);
}

}  // namespace delen::apps
