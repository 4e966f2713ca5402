# wordmill::wordmill is the shared library, or the static one if no other is installed;
# wordmill::static is the static one, which needs libuv and
# utf8proc.
include(${CMAKE_CURRENT_LIST_DIR}/wordmill-shared.cmake OPTIONAL)

if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/wordmill-static.cmake)
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(LIBUV QUIET IMPORTED_TARGET libuv>=1.44)
    pkg_check_modules(UTF8PROC QUIET IMPORTED_TARGET libutf8proc>=2)
  endif()
  if(TARGET PkgConfig::LIBUV AND TARGET PkgConfig::UTF8PROC)
    include(${CMAKE_CURRENT_LIST_DIR}/wordmill-static.cmake)
  endif()
endif()

if(TARGET wordmill::static AND NOT TARGET wordmill::wordmill)
  add_library(wordmill::wordmill ALIAS wordmill::static)
endif()
if(NOT TARGET wordmill::wordmill)
  set(wordmill_FOUND FALSE)
  set(wordmill_NOT_FOUND_MESSAGE "libuv 1.44 and libutf8proc 2 or later, found by pkg-config, are missing")
endif()
