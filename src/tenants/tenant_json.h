// A tenant as JSON: what HTTP carries and the store keeps (docs/protocol.md).
#pragma once

#include <string>
#include <string_view>

#include "base/document/document_reader.h"
#include "base/result.h"
#include "core/tenant.h"

namespace delen::tenants {

// One line. Limits that are not set are left out; all else is written.
std::string FormatTenant(const core::Tenant& tenant);

// Reads the tenant called `name`; what the JSON leaves out is at its default.
// `source` says in messages where the text is from.
// Errors: kInvalidArgument with the key, what it holds and what is expected:
//         for unknown keys, another name than `name`, and all that CheckTenant
//         refuses. Whether there is such a policy is left to the caller.
Result<core::Tenant> ParseTenant(std::string_view json, std::string_view source,
                                 std::string_view name);

// The same of a table in any document, a configuration file's for one. What
// CheckTenant refuses is left to the caller.
core::Tenant ReadTenant(const DocumentReader& table, std::string_view name, FirstProblem& problem);

}  // namespace delen::tenants
