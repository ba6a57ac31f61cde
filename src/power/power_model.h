// What computing is taken to cost where no meter can be read.
#pragma once

#include "base/units.h"

namespace delen::power {

// A statement, not a measurement: every busy core draws the same power, an idle
// one none beyond what the machine draws anyway. Energies of one machine can be
// compared with each other; against a meter they may be off by a factor.
//
// 2 W lies between a busy core of a single-board computer (about 1 W) and one of
// a laptop or server (3 to 5 W).
struct PowerModel {
  Watts active_per_core{2.0};

  // What `threads` busy threads add in `time`. A thread pool keeps its threads
  // spinning while a stage runs, so all of them count as busy all the time.
  Joules ActiveEnergy(int threads, Seconds time) const { return active_per_core * threads * time; }
};

}  // namespace delen::power
