#!/bin/sh
# Makes Debian packages of the command, the library, its development files and the Python package, in
# build/deb:
#
#     sh engine/package/deb.sh            makes them
#     sh engine/package/deb.sh install    and installs them, as root or through sudo
set -eu
cd "$(dirname "$0")/../.."
. tests/setup.sh
# shellcheck disable=SC2086 # a list of words
need $build_packages scdoc dpkg-dev python3-dev
rm -f build/deb/*.deb
cmake --preset deb >/dev/null
cmake --build --preset deb -j "$(nproc)" >/dev/null
(cd build/deb && cpack >/dev/null)
ls build/deb/*.deb
if [ "${1-}" = install ]; then
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq -y --no-install-recommends \
        -o DPkg::Lock::Timeout=600 install "$PWD"/build/deb/*.deb >/dev/null
fi
