// Asks for accuracy floors half-way between neighbouring exits: is the floor kept,
// and at how much less work than the smallest fixed exit that keeps it?
#pragma once

#include "live_server.h"

namespace delen::bench {

struct FloorScore {
  double floor = 0.0;
  double accuracy = 0.0;  // measured, over all pictures
  int fixed_exit = 0;     // the smallest whose accuracy reaches the floor
  double work_over_fixed_exit = 0.0;
};

// Accuracies of the fixed exits are measured on the same pictures.
Result<std::vector<FloorScore>> MeasureFloors(LiveServer& live, const std::string& model,
                                              const apps::LabelledInputs& data);

}  // namespace delen::bench
