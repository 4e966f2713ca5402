# wordmill::wordmill is the shared library, or the static one if no other is installed;
# wordmill::static is the static one, which needs libuv.
include(${CMAKE_CURRENT_LIST_DIR}/wordmill-shared.cmake OPTIONAL)

if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/wordmill-static.cmake)
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(LIBUV QUIET IMPORTED_TARGET libuv>=1.44)
  endif()
  if(TARGET PkgConfig::LIBUV)
    include(${CMAKE_CURRENT_LIST_DIR}/wordmill-static.cmake)
  endif()
endif()

if(TARGET wordmill::static AND NOT TARGET wordmill::wordmill)
  add_library(wordmill::wordmill ALIAS wordmill::static)
endif()
if(NOT TARGET wordmill::wordmill)
  set(wordmill_FOUND FALSE)
  set(wordmill_NOT_FOUND_MESSAGE "libuv 1.44 or later, found by pkg-config, is missing")
endif()
