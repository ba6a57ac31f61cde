#include "allocation_counter.h"

#include <cstddef>
#include <cstdlib>
#include <new>

// The bounds of this program's code, set by the linker.
extern "C" const char __executable_start;
extern "C" const char etext;

namespace delen::bench {
namespace {

thread_local AllocationCounts counts;
thread_local int runtime_depth = 0;

bool IsOwnCode(const void* address) {
  const auto* at = static_cast<const char*>(address);
  return at >= &__executable_start && at < &etext;
}

}  // namespace

void* Allocate(std::size_t size, std::size_t alignment, const void* caller) {
  if (runtime_depth > 0 && !IsOwnCode(caller)) {
    ++counts.runtime;
  } else {
    ++counts.ours;
  }
  void* memory = nullptr;
  if (alignment <= alignof(std::max_align_t)) {
    memory = std::malloc(size);
  } else if (posix_memalign(&memory, alignment, size) != 0) {
    memory = nullptr;
  }
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

AllocationCounts CountedAllocations() { return counts; }

InsideRuntime::InsideRuntime() { ++runtime_depth; }
InsideRuntime::~InsideRuntime() { --runtime_depth; }

}  // namespace delen::bench

void* operator new(std::size_t size) {
  return delen::bench::Allocate(size, 0, __builtin_return_address(0));
}
void* operator new[](std::size_t size) {
  return delen::bench::Allocate(size, 0, __builtin_return_address(0));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return delen::bench::Allocate(size, static_cast<std::size_t>(alignment),
                                __builtin_return_address(0));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return delen::bench::Allocate(size, static_cast<std::size_t>(alignment),
                                __builtin_return_address(0));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
