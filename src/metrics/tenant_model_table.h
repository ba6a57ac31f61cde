// One entry for each tenant and model that asked, of names the server knows, and
// not too many: clients choose names, and each entry costs memory for good.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/tenant.h"

namespace delen::metrics {

// What a name that the server does not know, or too many of them, are counted as.
inline constexpr std::string_view kOther = "other";

// Which names the server knows. May be called from any thread.
struct KnownNames {
  std::function<bool(std::string_view)> is_tenant;
  std::function<bool(std::string_view)> is_model;
};

// Entries are made by Make(tenant, model) when first asked for.
//
// Memory:  finding an entry again allocates nothing. Entries stay where they are.
// Threads: not thread-safe.
template <class Entry>
class TenantModelTable {
 public:
  using Make = std::function<Entry(std::string_view tenant, std::string_view model)>;

  // Pairs of names; one more for all the others.
  static constexpr std::size_t kMaxPairs = 256;

  TenantModelTable(KnownNames known, Make make)
      : known_(std::move(known)), make_(std::move(make)) {}

  // An empty tenant is the default one.
  Entry& At(std::string_view tenant, std::string_view model) {
    if (tenant.empty()) tenant = core::kDefaultTenant;
    if (Entry* entry = Find({tenant, model})) return *entry;
    if (!known_.is_tenant(tenant)) tenant = kOther;
    if (!known_.is_model(model)) model = kOther;
    if (Entry* entry = Find({tenant, model})) return *entry;
    if (entries_.size() >= kMaxPairs) tenant = model = kOther;
    if (Entry* entry = Find({tenant, model})) return *entry;
    return entries_.emplace(Names(tenant, model), make_(tenant, model)).first->second;
  }

  std::size_t size() const { return entries_.size(); }

 private:
  using Names = std::pair<std::string, std::string>;
  using NamesView = std::pair<std::string_view, std::string_view>;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const NamesView& names) const {
      const std::hash<std::string_view> hash;
      return hash(names.first) * 31 + hash(names.second);
    }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const NamesView& a, const NamesView& b) const { return a == b; }
  };

  Entry* Find(const NamesView& names) {
    const auto found = entries_.find(names);
    return found == entries_.end() ? nullptr : &found->second;
  }

  const KnownNames known_;
  const Make make_;
  std::unordered_map<Names, Entry, Hash, Equal> entries_;
};

}  // namespace delen::metrics
