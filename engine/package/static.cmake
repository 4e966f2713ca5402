# What a static command is linked with besides. libarchive needs a few libraries for what is read
# here; those of other formats are not pulled in. Debian has no archive of ISA-L: static.sh makes it
# from Debian's source. Without it gzip is unpacked by zlib, at less than half the speed.
pkg_check_modules(ARCHIVE_INSIDE REQUIRED IMPORTED_TARGET libarchive liblzma liblz4 nettle zlib)
find_library(BZIP2_ARCHIVE bz2 REQUIRED)
set(static_libraries PkgConfig::ARCHIVE_INSIDE ${BZIP2_ARCHIVE})

find_library(ISAL_ARCHIVE NAMES isal isa-l)
if(ISAL_FOUND AND ISAL_ARCHIVE)
  set_target_properties(PkgConfig::ISAL PROPERTIES INTERFACE_LINK_LIBRARIES ${ISAL_ARCHIVE})
else()
  message(STATUS "no archive of ISA-L: gzip is unpacked by zlib, which is slower")
  set(ISAL_FOUND FALSE)
endif()
