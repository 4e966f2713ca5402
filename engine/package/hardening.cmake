# Release builds are hardened as Debian builds its packages: what a compiler or linker does not know
# is left out. Not the others: functions that check sizes (_FORTIFY_SOURCE) go by other names than
# those that tests put in the place of libc's.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)
if(NOT WORDMILL_STATIC) # which is -static-pie
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES C)
endif()
foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection -fcf-protection)
  string(MAKE_C_IDENTIFIER "has${flag}" has)
  check_c_compiler_flag(${flag} ${has})
  if(${has})
    target_compile_options(wordmill-flags INTERFACE $<$<CONFIG:Release>:${flag}>)
  endif()
endforeach()
target_compile_options(wordmill-flags INTERFACE
  $<$<CONFIG:Release>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>)
check_linker_flag(C "LINKER:-z,relro,-z,now" has_relro)
if(has_relro)
  target_link_options(wordmill-flags INTERFACE $<$<CONFIG:Release>:LINKER:-z,relro,-z,now>)
endif()
