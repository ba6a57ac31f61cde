// The one door between frontends and the rest of the house: requests go in
// here, whatever wire they came by, and answers come out.
#pragma once

#include <functional>

#include "base/result.h"
#include "core/request.h"

namespace delen::admission {

// Threads: all methods may be called from any thread.
class InferenceService {
 public:
  // Called exactly once per Submit, from any thread, possibly before Submit
  // returns. Must not block: a lane may be waiting for it to return.
  using Done = std::function<void(Result<core::Response>)>;

  virtual ~InferenceService() = default;

  // Admits a request, or refuses it through `done` with
  //   kNotFound         no such model or version,
  //   kInvalidArgument  inputs that do not fit the model,
  //   kPermissionDenied no such tenant, if that is refused,
  //   kInfeasible       bounds that cannot be kept, if asked to be told,
  //   kOverloaded       too much waiting already, or a quota of the tenant's used up,
  //   kUnavailable      shutting down.
  virtual core::RequestId Submit(core::Request request, Done done) = 0;

  // The client went away: the request is dropped at the next stage boundary and
  // its `done` gets kCancelled. Unknown or finished requests are ignored.
  virtual void Cancel(core::RequestId id) = 0;
};

}  // namespace delen::admission
