#!/bin/sh
# Builds wordmill and measures what a map function of the caller costs against the built-in one.
#
#     sh tests/bench/custom_map.sh [LINES [WORKERS [RUNS]]]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/setup.sh
. "$root/tests/setup.sh"
# shellcheck disable=SC2086 # a list of words
need $build_packages

cd "$root"
cmake --preset release -DWORDMILL_TESTS=OFF >/dev/null
cmake --build --preset release -j "$(nproc)" --target wordmill-static ngram-generate >/dev/null
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-custom-map.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cc -O2 -o "$scratch/custom_map" tests/bench/custom_map.c -Iengine/include \
    build/release/libwordmill.a -luv -lutf8proc -lpcre2-8 -lzstd -lisal
build/release/ngram-generate --lines "${1:-20000000}" --seed 1 >"$scratch/lines"
"$scratch/custom_map" "$scratch/lines" "${2:-2}" "${3:-11}"
