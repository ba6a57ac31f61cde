// Random numbers that are the same on every compiler and standard library: the
// distributions of <random> are not, so the transformations here are our own.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>

namespace delen {

// One stream of random numbers.
//
// Streams of one seed with different purposes or indices are independent of each
// other, so that drawing more from one does not change another.
//
// Threads: not thread-safe.
class RandomSource {
 public:
  // The stream of `seed` for, say, the "arrivals" of tenant number `index`.
  RandomSource(std::uint64_t seed, std::string_view purpose, std::uint64_t index = 0);

  std::uint64_t Bits() { return engine_(); }
  double Uniform();                         // in [0, 1), a multiple of 2^-53
  double Uniform(double low, double high);  // in [low, high]
  double Exponential();                     // mean 1
  double Normal();                          // mean 0, standard deviation 1

 private:
  std::mt19937_64 engine_;
};

// SplitMix64's finaliser: a bijection whose every output bit depends on every
// input bit.
std::uint64_t MixBits(std::uint64_t bits);

}  // namespace delen
