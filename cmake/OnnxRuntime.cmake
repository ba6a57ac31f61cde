# Defines the imported target onnxruntime::onnxruntime (headers and shared library).
#
# Looks where tools/fetch_onnxruntime.sh looks, in the same order:
#   1. ONNXRUNTIME_ROOT (environment, or -DONNXRUNTIME_ROOT=...), with include/ and lib/
#   2. pkg-config libonnxruntime
#   3. third_party/onnxruntime-*/, where the script puts what it downloads
# CMake gives programs in the build tree an RPATH to an imported library's folder, so they run
# without LD_LIBRARY_PATH.

# Nothing here is cached: a changed ONNXRUNTIME_ROOT must count at the next configure.
set(_ort_root "${ONNXRUNTIME_ROOT}")
if(NOT _ort_root)
  set(_ort_root "$ENV{ONNXRUNTIME_ROOT}")
endif()
set(_ort_origin "ONNXRUNTIME_ROOT")

if(NOT _ort_root)
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    pkg_check_modules(ORT QUIET libonnxruntime)
  endif()
  if(ORT_FOUND)
    set(_ort_origin "pkg-config")
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    file(GLOB _ort_root "${CMAKE_CURRENT_LIST_DIR}/../third_party/onnxruntime-*-arm64")
    set(_ort_origin "third_party")
  else()
    file(GLOB _ort_root "${CMAKE_CURRENT_LIST_DIR}/../third_party/onnxruntime-*-x64")
    set(_ort_origin "third_party")
  endif()
  # More than one version may lie there after an update: the newest name wins.
  list(SORT _ort_root COMPARE NATURAL ORDER DESCENDING)
  if(_ort_root)
    list(GET _ort_root 0 _ort_root)
    get_filename_component(_ort_root "${_ort_root}" ABSOLUTE)
  endif()
endif()

find_path(_ort_include onnxruntime_cxx_api.h
  PATHS "${_ort_root}/include" ${ORT_INCLUDE_DIRS}
  PATH_SUFFIXES onnxruntime onnxruntime/core/session
  NO_DEFAULT_PATH NO_CACHE)
if(ORT_FOUND)
  find_library(_ort_library onnxruntime
    HINTS ${ORT_LIBRARY_DIRS} "${ORT_LIBDIR}" NO_CACHE)
else()
  find_library(_ort_library onnxruntime
    PATHS "${_ort_root}/lib" "${_ort_root}/lib64" NO_DEFAULT_PATH NO_CACHE)
endif()

if(NOT _ort_include OR NOT _ort_library)
  message(FATAL_ERROR
    "ONNX Runtime not found (looked by ${_ort_origin}). Run tools/fetch_onnxruntime.sh, or set "
    "ONNXRUNTIME_ROOT to a folder with its include/ and lib/, and configure again.")
endif()

file(STRINGS "${_ort_include}/onnxruntime_c_api.h" _ort_api REGEX "^#define ORT_API_VERSION ")
string(REGEX MATCH "[0-9]+" _ort_api "${_ort_api}")
if(_ort_api LESS 17)
  message(FATAL_ERROR "ONNX Runtime in ${_ort_include} has API ${_ort_api}; Delen needs 17 or later.")
elseif(_ort_api GREATER_EQUAL 29)
  # From 1.29 on the vendor's Linux build sends telemetry unless it is told not to.
  message(WARNING "ONNX Runtime API ${_ort_api} may send telemetry by default: set "
    "ORT_DISABLE_TELEMETRY=1 where delen runs, or use 1.28 or earlier.")
endif()

add_library(onnxruntime::onnxruntime SHARED IMPORTED GLOBAL)
get_filename_component(_ort_real "${_ort_library}" REALPATH)
set_target_properties(onnxruntime::onnxruntime PROPERTIES
  IMPORTED_LOCATION "${_ort_real}"
  INTERFACE_INCLUDE_DIRECTORIES "${_ort_include}")
message(STATUS "ONNX Runtime: ${_ort_real} (API ${_ort_api} headers, by ${_ort_origin})")

foreach(_ort_name root origin include library real api)
  unset(_ort_${_ort_name})
endforeach()
