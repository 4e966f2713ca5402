#!/bin/sh
# What takes too long for every run, after 'sh tests/run.sh' once: sh tests/long.sh [SECTION...]
#
#     inject    every fault of test_inject at every call, with sanitizers (6 minutes)
#     command  the tests that run the command most often, with sanitizers (2 minutes)
#     variants whole jobs with each SIMD variant as gcc builds it (a minute)
#     oracle   whole jobs against the oracle, with sanitizers (some minutes)
#     against  tests/bench/against.sh builds this revision once more and compares (half a minute)
#     analyzer what gcc's analyzer says of all sources (a minute)
#     giants    a hole of 10 GB, a line of 1 GiB, in bounded memory (a minute)
#     memory    20 million words in 256 MiB, and what all processes have together (2 minutes)
#     kill      200 runs among kills (5 minutes)
#     schedule  a million schedules (a minute)
#     spin      the model of the same protocol with more tasks and deaths (a minute)
#     static   the static command, made and run where there is nothing else, as root (2 minutes)
#     foreign  wordmill for aarch64 and s390x, on emulated CPUs, as root (15 minutes)
#     deb      Debian packages, installed, used and removed in a minimal system, as root (5 minutes)
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
    command)
        build asan
        ctest --test-dir build/asan -L '^long$' -j "$(nproc)" --output-on-failure
        ;;
    variants)
        build dev
        WORDMILL_LONG=1 ctest --test-dir build/dev -L '^simd$' -j "$(nproc)" --output-on-failure
        ;;
    oracle)
        build asan
        for name in oracle words periods blocks series shard inputs member; do
            WORDMILL_LONG=1 ctest --test-dir build/asan -R "^$name\$" --output-on-failure
        done
        ;;
    against)
        # What it says of speed, of so few lines, is nothing.
        sh tests/bench/against.sh HEAD --lines 1000 --rounds 1
        ;;
    analyzer)
        sh tests/static.sh gcc
        ;;
    giants)
        build dev
        folder=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-giants.XXXXXX")
        truncate -s 10G "$folder/hole"
        {
            printf 'a\t2000\t1\t1\nb\t2000\t1\t'
            head -c 1G /dev/zero | tr '\0' x
            printf '\na\t2000\t1\t1\n'
        } >"$folder/line"
        for input in hole line; do
            for bad in fail skip; do
                (
                    # shellcheck disable=SC3045
                    ulimit -v 8000000
                    timeout 120 build/dev/wordmill count -j 2 -m 128M --on-bad-line $bad -v \
                        "$folder/$input"
                ) || echo "exit $?"
            done
        done
        rm -r "$folder"
        ;;
    memory)
        build dev
        WORDMILL_LONG=1 build/dev/tests/test_memory
        ;;
    schedule)
        build dev
        WORDMILL_LONG=1 build/dev/tests/test_schedule
        ;;
    spin)
        sh tests/spin/run.sh long
        ;;
    kill)
        build dev
        WORDMILL_LONG=1 build/dev/tests/test_kill
        ;;
    static)
        build dev
        sh tests/package/static.sh build/dev/wordmill || [ $? -eq 77 ]
        ;;
    foreign)
        for cpu in aarch64 s390x; do
            sh tests/foreign.sh "$cpu"
        done
        ;;
    deb)
        sh tests/package/deb.sh
        ;;
    *)
        echo "no section '$1'; see the head of tests/long.sh" >&2
        exit 2
        ;;
    esac
}

[ $# -gt 0 ] || set -- inject command variants oracle against analyzer giants memory kill schedule \
    spin static deb foreign
for name in "$@"; do
    echo "== $name"
    section "$name"
done
