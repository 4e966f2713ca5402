#!/bin/sh
# Fuzzes each target for some seconds: sh tests/fuzz.sh [SECONDS [TARGET...]]
#
# What is found lies in build/fuzz/found; a finding that is mended belongs in tests/fuzz/corpus, and
# is replayed by the tests from then on. 'sh tests/fuzz.sh merge' adds to that corpus what reaches
# new code, for a target that was made or changed.
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh
# shellcheck disable=SC2086 # a list of words
need $build_packages g++ libcmocka-dev clang libclang-rt-dev

seconds=${1:-60}
[ $# -eq 0 ] || shift
cmake --preset fuzz >/dev/null
# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(sed -n 's/^foreach(name IN ITEMS \(.*\))/\1/p' tests/fuzz/CMakeLists.txt)
for name in "$@"; do
    cmake --build --preset fuzz -j "$(nproc)" --target "fuzz_$name" >build/fuzz/build.log ||
        { cat build/fuzz/build.log && exit 1; }
done
mkdir -p build/fuzz/found
failed=
for name in "$@"; do
    all=build/fuzz/corpus/$name known=tests/fuzz/corpus/$name
    mkdir -p "$all" "$known"
    if [ "$seconds" = merge ]; then
        build/fuzz/tests/fuzz/fuzz_"$name" -merge=1 -use_counters=0 -max_len=256 "$known" "$all" 2>&1 | tail -n 1
        continue
    fi
    echo "== $name"
    build/fuzz/tests/fuzz/fuzz_"$name" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
        -rss_limit_mb=2048 -malloc_limit_mb=4096 -print_final_stats=1 -artifact_prefix=build/fuzz/found/"$name"- \
        "$all" "$known" >build/fuzz/"$name".log 2>&1 || failed="$failed $name"
    grep -E 'number_of_executed_units|average_exec|not so|ERROR|SUMMARY' build/fuzz/"$name".log
done
[ -z "$failed" ] || { echo "found something:$failed; see build/fuzz/*.log" && exit 1; }
