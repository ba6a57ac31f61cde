# How a room, a program and a fuzz target of Delen are declared.
#
#   delen_room(policy
#     SOURCES alert_policy.cc slowdown_filter.cc     # headers need not be listed
#     DEPS    core base                              # other rooms; visible to those who link this one
#     LINK    fmt::fmt                               # libraries from outside
#     TESTS   alert_policy_test.cc
#     TEST_DEPS power                                # rooms only the tests use
#     TEST_LINK rapidcheck)                          # libraries only the tests use
#
# gives the library delen_policy (alias delen::policy), included as "policy/...", and the
# program delen_policy_test, whose cases are in CTest under the label "unit" (or TEST_LABEL).

set(DELEN_CMAKE_DIR "${CMAKE_CURRENT_LIST_DIR}")

if(DELEN_BUILD_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

function(delen_room name)
  cmake_parse_arguments(PARSE_ARGV 1 ROOM "" "TEST_LABEL"
    "SOURCES;DEPS;LINK;TESTS;TEST_DEPS;TEST_LINK")
  delen_reject_leftovers(${name} "${ROOM_UNPARSED_ARGUMENTS}")
  set(target delen_${name})
  list(TRANSFORM ROOM_DEPS PREPEND "delen::")
  list(TRANSFORM ROOM_TEST_DEPS PREPEND "delen::")

  set(sources ${ROOM_SOURCES})
  list(FILTER sources INCLUDE REGEX "\\.(cc|cpp|c|cu)$")
  if(sources)
    add_library(${target} STATIC ${ROOM_SOURCES})
    target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${target} PRIVATE delen_options PUBLIC ${ROOM_DEPS} ${ROOM_LINK})
  else()
    # A room of headers alone.
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${target} INTERFACE ${ROOM_DEPS} ${ROOM_LINK})
  endif()
  add_library(delen::${name} ALIAS ${target})

  if(ROOM_TESTS)
    delen_test(${name} LABEL "${ROOM_TEST_LABEL}" SOURCES ${ROOM_TESTS}
      LINK delen::${name} ${ROOM_TEST_DEPS} ${ROOM_TEST_LINK})
  endif()
endfunction()

# One gtest program, delen_<name>_test, for tests that belong to no single room (tests/integration).
#   delen_test(NAME [LABEL unit] SOURCES ... LINK ...)
# Tests find fixtures by the macro DELEN_SOURCE_DIR, the root of the source tree.
function(delen_test name)
  if(NOT DELEN_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 TEST "" "LABEL" "SOURCES;LINK")
  delen_reject_leftovers(${name} "${TEST_UNPARSED_ARGUMENTS}")
  if(NOT TEST_LABEL)
    set(TEST_LABEL unit)
  endif()
  set(target delen_${name}_test)
  add_executable(${target} ${TEST_SOURCES})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_compile_definitions(${target} PRIVATE DELEN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE delen_options ${TEST_LINK} GTest::gmock GTest::gtest_main)
  # Discovery waits until ctest runs: building then never runs what it has just built.
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    TEST_PREFIX "${name}/" PROPERTIES LABELS "${TEST_LABEL}")
endfunction()

# A program at the root of the build folder: build/release/<name>.
#   delen_program(NAME SOURCES ... DEPS ... LINK ...)
function(delen_program name)
  cmake_parse_arguments(PARSE_ARGV 1 PROGRAM "" "" "SOURCES;DEPS;LINK")
  delen_reject_leftovers(${name} "${PROGRAM_UNPARSED_ARGUMENTS}")
  list(TRANSFORM PROGRAM_DEPS PREPEND "delen::")
  add_executable(${name} ${PROGRAM_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(${name} PRIVATE delen_options ${PROGRAM_DEPS} ${PROGRAM_LINK})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
endfunction()

# One harness with LLVMFuzzerTestOneInput, built in one of two ways:
#   fuzz preset    a libFuzzer program, run by `make fuzz`
#   elsewhere      the same harness under a small replay main that feeds it each file of the seed
#                  corpus and a few thousand fixed mutations of them; in CTest under "fuzz"
#
#   delen_fuzz_target(NAME SOURCE harness.cc DEPS frontend base CORPUS corpus/json
#                     [LINK ...] [MUTATIONS 4000])
# CORPUS is a folder, relative to the caller's; it may be missing or empty.
function(delen_fuzz_target name)
  cmake_parse_arguments(PARSE_ARGV 1 FUZZ "" "SOURCE;CORPUS;MUTATIONS" "DEPS;LINK")
  delen_reject_leftovers(${name} "${FUZZ_UNPARSED_ARGUMENTS}")
  if(NOT DELEN_FUZZ AND NOT DELEN_BUILD_TESTS)
    return()
  endif()
  if(NOT FUZZ_MUTATIONS)
    set(FUZZ_MUTATIONS 4000)
  endif()
  set(corpus "")
  if(FUZZ_CORPUS)
    get_filename_component(corpus "${FUZZ_CORPUS}" ABSOLUTE)
  endif()
  list(TRANSFORM FUZZ_DEPS PREPEND "delen::")

  set(target delen_${name}_fuzz)
  add_executable(${target} ${FUZZ_SOURCE})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(${target} PRIVATE delen_options ${FUZZ_DEPS} ${FUZZ_LINK})

  if(DELEN_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer,address)
    # tools/fuzz.sh reads these: one line with the program, one with its seeds.
    file(GENERATE OUTPUT "${PROJECT_BINARY_DIR}/fuzz_targets/${name}"
      CONTENT "$<TARGET_FILE:${target}>\n${corpus}\n")
  else()
    target_sources(${target} PRIVATE "${DELEN_CMAKE_DIR}/fuzz_replay_main.cc")
    add_test(NAME fuzz/${name} COMMAND ${target} ${FUZZ_MUTATIONS} ${corpus})
    set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT 120)
  endif()
endfunction()

# A misspelt keyword would otherwise be swallowed without a word.
function(delen_reject_leftovers name leftovers)
  if(leftovers)
    message(FATAL_ERROR "${name}: unknown arguments: ${leftovers}")
  endif()
endfunction()
