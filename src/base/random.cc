#include "base/random.h"

#include <cmath>
#include <numbers>

namespace delen {
namespace {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;  // SplitMix64's step

// FNV-1a.
std::uint64_t Hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::uint64_t SeedOfStream(std::uint64_t seed, std::string_view purpose, std::uint64_t index) {
  std::uint64_t state = MixBits(seed + kGolden);
  state = MixBits((state ^ Hash(purpose)) + kGolden);
  return MixBits((state ^ index) + kGolden);
}

}  // namespace

std::uint64_t MixBits(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
  return bits ^ (bits >> 31);
}

RandomSource::RandomSource(std::uint64_t seed, std::string_view purpose, std::uint64_t index)
    : engine_(SeedOfStream(seed, purpose, index)) {}

double RandomSource::Uniform() { return static_cast<double>(Bits() >> 11) * 0x1p-53; }

double RandomSource::Uniform(double low, double high) { return low + (high - low) * Uniform(); }

double RandomSource::Exponential() { return -std::log1p(-Uniform()); }

// Box and Muller's method. Of its two numbers one is thrown away, so that every
// call draws alike; products only, so that no compiler fuses a multiply and an add.
double RandomSource::Normal() {
  const double radius = std::sqrt(2.0 * Exponential());
  return radius * std::cos(2.0 * std::numbers::pi * Uniform());
}

}  // namespace delen
