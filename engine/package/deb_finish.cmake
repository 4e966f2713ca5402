# Run by cpack when the packages are made. Adds their Multi-Arch fields, which cpack knows from 3.31 on.
# Takes away its scripts that call ldconfig, for which there is a trigger.
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  set(kind same)
  get_filename_component(name ${package} NAME)
  if(name MATCHES "^wordmill_")
    set(kind foreign)
  endif()
  set(folder ${package}.folder)
  execute_process(COMMAND dpkg-deb --raw-extract ${package} ${folder} COMMAND_ERROR_IS_FATAL ANY)
  file(READ ${folder}/DEBIAN/control control)
  string(STRIP "${control}" control)
  file(WRITE ${folder}/DEBIAN/control "${control}\nMulti-Arch: ${kind}\n")
  file(REMOVE ${folder}/DEBIAN/postinst ${folder}/DEBIAN/postrm)
  execute_process(COMMAND dpkg-deb --root-owner-group --build ${folder} ${package}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE ${folder})
endforeach()
