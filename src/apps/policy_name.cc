#include "apps/policy_name.h"

namespace delen::apps {
namespace {

bool ConsistsOf(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

}  // namespace

Status CheckPolicyName(std::string_view name) {
  const std::size_t colon = name.find(':');
  const bool word = ConsistsOf(name.substr(0, colon), "abcdefghijklmnopqrstuvwxyz-");
  const bool number =
      colon == std::string_view::npos || ConsistsOf(name.substr(colon + 1), "0123456789.");
  if (word && number) return {};
  return InvalidArgument("policy is '{:.64}', expected a name such as delen or static-exit:2",
                         name);
}

}  // namespace delen::apps
