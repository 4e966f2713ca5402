#!/bin/sh
# What takes too long for every run, after 'sh tests/run.sh' once: sh tests/long.sh [SECTION...]
#
#     inject    every fault of test_inject at every call, with sanitizers (6 minutes)
set -eu
cd "$(dirname "$0")/.."

build() {
    cmake --preset "$1" >/dev/null
    cmake --build --preset "$1" -j "$(nproc)"
}

section() {
    case $1 in
    inject)
        build asan
        WORDMILL_LONG=1 build/asan/tests/test_inject
        ;;
    *)
        echo "no section '$1'; see the head of tests/long.sh" >&2
        exit 2
        ;;
    esac
}

[ $# -gt 0 ] || set -- inject
for name in "$@"; do
    echo "== $name"
    section "$name"
done
