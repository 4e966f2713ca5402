#!/bin/sh
# Installs what is missing, builds wordmill and compares its speed with that of other programs.
#
#     sh tests/bench/compare.sh
#     sh tests/bench/compare.sh --help
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/setup.sh
. "$root/tests/setup.sh"
# shellcheck disable=SC2086 # a list of words
need $build_packages python3 python3-venv mawk isal gzip zstd

build=$root/build/release
(
    cd "$root"
    cmake --preset release -DWORDMILL_TESTS=OFF
    cmake --build --preset release -j "$(nproc)" --target wordmill ngram-generate
    cc -O2 -D_GNU_SOURCE -o "$build/read_floor" tests/bench/read_floor.c
) >/dev/null
exec python3 -B "$here/compare.py" --build "$build" "$@"
