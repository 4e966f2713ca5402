#!/bin/sh
# Tries the two commands of README.md in a minimal Debian system, from a fresh clone, as root:
#
#     sh tests/fresh.sh [bookworm|trixie|bullseye] [COMMAND...]
#
# The system is in a scratch folder that is gone at the end. Without a release the machine's own is
# taken. On bullseye, whose CMake has no presets, wordmill is built and tested without them. A COMMAND
# is tried instead, in the clone:
#
#     sh tests/fresh.sh trixie 'sh tests/run.sh dev'
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh
. tests/system.sh
need git
system_make "${1-}"
[ $# -eq 0 ] || shift
# shellcheck disable=SC2016 # for the shell in there
if [ $# -eq 0 ] && [ "$release" = bullseye ]; then
    set -- '. tests/setup.sh && need $build_packages g++ libcmocka-dev libglib2.0-dev gnuplot-nox \
        scdoc mandoc mawk valgrind shellcheck bsdutils tabix unicode-data zstd zsh zip \
        p7zip-full bzip2 xz-utils lz4 devscripts' \
        'cmake -S . -B build/plain -DCMAKE_BUILD_TYPE=RelWithDebInfo -DWORDMILL_FAULTS=ON \
        -DWORDMILL_WERROR=ON && cmake --build build/plain -j "$(nproc)"' \
        "cd build/plain && ctest -j 3 --output-on-failure -LE '^(storm|simd|analysis)$' \
        -E '^(instructions|package.hardening)$'" # which use a preset
elif [ $# -eq 0 ]; then
    set -- "sh datasets/try.sh" "sh tests/run.sh"
fi

git clone -q --no-hardlinks . "$system/root/wordmill"
# The data of the tests, where this machine has it.
if [ -d ../shared/data ]; then
    mkdir "$system/root/shared"
    cp -r ../shared/data "$system/root/shared/"
fi

failed=0
for command in "$@"; do
    echo "== $release: $command"
    system_run "cd /root/wordmill && $command" || failed=1
done
exit $failed
