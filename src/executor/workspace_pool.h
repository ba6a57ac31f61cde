// Workspaces that nobody uses just now, kept for the next run of their shapes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "backend/backend.h"
#include "base/mutex.h"
#include "core/tensor.h"

namespace delen::executor {

// A workspace and the input shapes that it is for.
struct PooledWorkspace {
  std::vector<core::Shape> shapes;
  std::unique_ptr<backend::Workspace> workspace;
};

// Memory: taking one and putting it back allocates nothing once the pool has
//         been as full as it gets.
// Threads: all methods may be called from any thread.
class WorkspacePool {
 public:
  // Takes out the last used one whose shapes `fit`; absent when there is none.
  template <class Fit>
  std::optional<PooledWorkspace> Take(const Fit& fit) {
    const MutexLock lock(mutex_);
    const auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                                    [&](const auto& pooled) { return fit(pooled.shapes); });
    if (found == idle_.rend()) return std::nullopt;
    std::optional<PooledWorkspace> taken = std::move(*found);
    idle_.erase(std::next(found).base());
    return taken;
  }

  void Put(PooledWorkspace workspace) {
    const MutexLock lock(mutex_);
    if (idle_.size() == kMaxIdle) idle_.erase(idle_.begin());
    idle_.push_back(std::move(workspace));
  }

 private:
  // Beyond these, the longest idle is freed.
  static constexpr std::size_t kMaxIdle = 16;

  Mutex mutex_;
  std::vector<PooledWorkspace> idle_ GUARDED_BY(mutex_);
};

}  // namespace delen::executor
