// What a lane tells of its work, for whoever counts it.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/units.h"
#include "core/model_folder.h"
#include "core/request.h"

namespace delen::scheduler {

// A stage that ran, for one request or for several together.
struct StageRun {
  const core::ModelVersion& model;
  int stage = 0;
  int requests = 1;
  int rows = 1;  // of all of them
  int threads = 1;
  Seconds time;  // on the device
};

// A request and what it is answered with.
struct AnsweredRequest {
  const core::Request& request;
  const core::ModelVersion& model;
  const core::Account& account;
};

// Memory:  what is passed in lives as long as the call.
// Threads: OnStage and OnAnswer are called from the lane's thread, OnRefused from
//          any. None of them may block.
class LaneObserver {
 public:
  virtual ~LaneObserver() = default;

  virtual void OnStage(const StageRun& run) = 0;
  // Before the answer goes out.
  virtual void OnAnswer(const AnsweredRequest& answered) = 0;
  // Before a request, let in or not, gets an error instead of an answer. The names
  // are the client's.
  virtual void OnRefused(std::string_view tenant, std::string_view model, ErrorCode why) = 0;
};

}  // namespace delen::scheduler
