# Debian packages, a component each: the command, the library under its soname, what programs are
# compiled with, and the Python package. Another one needs install(... COMPONENT name), its name in CPACK_COMPONENTS_ALL, a
# name and a description below. deb_finish.cmake adds to their control files what cpack cannot say.
set(interface ${PROJECT_VERSION_MAJOR})
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(interface 0.${PROJECT_VERSION_MINOR})
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL command library development)
if(WORDMILL_PYTHON)
  list(APPEND CPACK_COMPONENTS_ALL python)
endif()
set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME wordmill)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libwordmill${interface})
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libwordmill-dev)
set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-wordmill)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
  GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# As Debian's own tools are told who makes a package.
set(CPACK_PACKAGE_CONTACT "The wordmill authors <wordmill@example.org>")
if(DEFINED ENV{DEBFULLNAME} AND DEFINED ENV{DEBEMAIL})
  set(CPACK_PACKAGE_CONTACT "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
endif()

set(text
  "wordmill cuts its input into partitions, has a pool of processes count\nthem, and merges their tables in shared memory. It reads Google Books\nNgram files of any release, columns and text, packed or not.")
set(CPACK_COMPONENT_COMMAND_DESCRIPTION
  "count words in files larger than memory likes\n${text}\n\nThis package has the command.")
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION
  "library that counts words with a pool of processes\n${text}\n\nThis package has the shared library.")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
  "library that counts words with a pool of processes (development)\n${text}\n\nThis package has the header, the static library, and the manual page.")
set(CPACK_COMPONENT_PYTHON_DESCRIPTION
  "count words in files larger than memory likes (Python 3)\n${text}\n\nThis package has the Python package.")
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
# Loaded when there is an archive to unpack.
set(CPACK_DEBIAN_COMMAND_PACKAGE_RECOMMENDS "libarchive13t64 | libarchive13")
set(CPACK_DEBIAN_COMMAND_PACKAGE_SUGGESTS "gnuplot-nox")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_RECOMMENDS "libarchive13t64 | libarchive13")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "libwordmill${interface} (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS
  "libwordmill${interface} (>= ${PROJECT_VERSION}), ${WORDMILL_PYTHON_DEPENDS}")
set(CPACK_DEBIAN_PYTHON_PACKAGE_SUGGESTS "python3-numpy, python3-pandas")
# Where the library is that the extension needs; which package that is stands above.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR})
# What a program needs that is linked with the static library.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_RECOMMENDS
  "libuv1-dev, libutf8proc-dev, libpcre2-dev, libzstd-dev, libisal-dev")

# A program needs the version that it was compiled with, or a later one of the same interface.
set(folder ${CMAKE_CURRENT_BINARY_DIR}/package)
file(STRINGS ${PROJECT_SOURCE_DIR}/engine/include/wordmill.h functions REGEX "^WM_API .*[ *]wm_[a-z0-9_]*\\(")
list(TRANSFORM functions REPLACE "^WM_API .*[ *](wm_[a-z0-9_]*)\\(.*"
  " \\1@WORDMILL_${interface} ${PROJECT_VERSION}")
list(APPEND functions " WORDMILL_${interface}@WORDMILL_${interface} ${PROJECT_VERSION}")
list(SORT functions)
list(JOIN functions "\n" functions)
file(WRITE ${folder}/symbols
  "libwordmill.so.${interface} libwordmill${interface} #MINVER#\n${functions}\n")
file(WRITE ${folder}/shlibs
  "libwordmill ${interface} libwordmill${interface} (>= ${PROJECT_VERSION})\n")
file(WRITE ${folder}/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${folder}/symbols ${folder}/shlibs ${folder}/triggers)

# Python's compiled files are made where it is installed, and go with it.
foreach(script IN ITEMS postinst:py3compile prerm:py3clean)
  string(REPLACE ":" ";" script ${script})
  list(GET script 0 name)
  list(GET script 1 program)
  file(WRITE ${folder}/${name} "#!/bin/sh\nset -e\nif command -v ${program} >/dev/null; then\n    ${program} -p python3-wordmill\nfi\n")
  list(APPEND CPACK_DEBIAN_PYTHON_PACKAGE_CONTROL_EXTRA ${folder}/${name})
endforeach()

# The folder of documents that each package has.
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${folder}/changelog.Debian "wordmill (${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium\n\n  * As changelog.gz has it.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
execute_process(COMMAND gzip -9nf ${folder}/changelog.Debian COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND gzip -9nc ${PROJECT_SOURCE_DIR}/engine/CHANGES.md
  OUTPUT_FILE ${folder}/changelog.gz COMMAND_ERROR_IS_FATAL ANY)
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${component} upper)
  install(FILES ${PROJECT_SOURCE_DIR}/engine/package/copyright ${folder}/changelog.Debian.gz
    ${folder}/changelog.gz COMPONENT ${component}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
endforeach()

set(CPACK_POST_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/deb_finish.cmake)
include(CPack)
