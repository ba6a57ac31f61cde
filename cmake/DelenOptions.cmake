# Delen's build options and the INTERFACE target delen_options that carries them.
#
# Every room links delen_options privately, so the flags are Delen's own and never reach a
# third-party target.

option(DELEN_WERROR "Treat compiler warnings as errors" OFF)
option(DELEN_FUZZ "Build fuzz targets with libFuzzer (clang only)" OFF)
option(DELEN_BUILD_TESTS "Build the tests" ON)
option(DELEN_BUILD_BENCH "Build the benchmarks" ON)
set(DELEN_SANITIZE "" CACHE STRING "Sanitizers to build with: empty, address,undefined or thread")
set_property(CACHE DELEN_SANITIZE PROPERTY STRINGS "" "address,undefined" "thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_package(Threads REQUIRED)
add_library(delen_options INTERFACE)
target_compile_features(delen_options INTERFACE cxx_std_20)
target_link_libraries(delen_options INTERFACE Threads::Threads)
target_compile_options(delen_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion
  # Designated initialisers that leave the rest at its default are how we write option structs.
  -Wno-missing-field-initializers
  # Fused multiply-adds round once where the reference rounds twice; the results that tests
  # compare must not depend on the processor.
  -ffp-contract=off)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees overlapping copies in plain std::string code (its bug 105651, fixed in 13).
  target_compile_options(delen_options INTERFACE -Wno-restrict)
endif()

if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # The GUARDED_BY annotations on members are checked by clang alone.
  target_compile_options(delen_options INTERFACE -Wthread-safety)
endif()

if(DELEN_WERROR)
  target_compile_options(delen_options INTERFACE -Werror)
endif()

# Sanitizers change the ABI of the whole program, so they go on every target of this build.
if(DELEN_SANITIZE)
  add_compile_options(-fsanitize=${DELEN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DELEN_SANITIZE})
  add_compile_definitions(DELEN_SANITIZED=1)
  if(NOT DELEN_SANITIZE MATCHES "thread")
    # Checked iterators and subscripts; under TSan they would only cost time.
    add_compile_definitions(_GLIBCXX_ASSERTIONS)
  endif()
  if(DELEN_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ warns that TSan does not see std::atomic_thread_fence, Boost's included.
    add_compile_options(-Wno-tsan)
  endif()
endif()

if(DELEN_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "DELEN_FUZZ needs clang: configure with 'cmake --preset fuzz'.")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address)
  add_compile_definitions(DELEN_SANITIZED=1 _GLIBCXX_ASSERTIONS)
endif()
