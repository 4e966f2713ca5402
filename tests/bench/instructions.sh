#!/bin/sh
# Guards the hot loop: counts the instructions that wordmill's own functions take for a line of a
# made file. Unlike seconds they are the same on every machine, as long as the compiler is.
#
#     sh tests/bench/instructions.sh [--renew] [WORDMILL GENERATE]
#
# compares with instructions.txt and fails when a variant is more than 5% off; --renew writes that
# file instead. Without the two programs the release preset is built. Exit status 77 means skipped:
# no valgrind, or a program of another compiler, CPU or kind of build than the recorded one.
#
# Functions of libc do not count: it picks them by the CPU. Nor is there any choice that depends on
# the machine's CPUs or memory: no fork, one partition, a fixed limit.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
record=$here/instructions.txt
lines=200000
variants="sse2 portable"
grep -qw avx2 /proc/cpuinfo && grep -qw bmi1 /proc/cpuinfo && variants="avx2 $variants"

skip() {
    echo "skipped: $*"
    exit 77
}

renew=
if [ "${1-}" = --renew ]; then
    renew=yes
    shift
fi
command -v valgrind >/dev/null || skip "there is no valgrind"
if [ $# -eq 0 ]; then
    # shellcheck source=tests/setup.sh
    . "$here/../setup.sh"
    # shellcheck disable=SC2086 # a list of words
    need $build_packages
    cd "$here/../.."
    cmake --preset release -DWORDMILL_TESTS=OFF >/dev/null
    cmake --build --preset release -j "$(nproc)" --target wordmill ngram-generate >/dev/null
    set -- build/release/wordmill build/release/ngram-generate
elif [ $# -ne 2 ]; then
    echo "usage: sh instructions.sh [--renew] [WORDMILL GENERATE]" >&2
    exit 2
fi
wordmill=$(realpath "$1")
generate=$(realpath "$2")

# What the program was built by, as the compiler wrote it down: "gcc 12 x86_64".
builder=$(readelf -p .comment "$wordmill" |
    sed -n 's/.*GCC: (.*) \([0-9]*\)\..*/gcc \1/p' | sort -u)
builder="$builder $(uname -m)"
case $(readelf -p .comment "$wordmill") in
*clang*) builder=clang ;;
esac
readelf -SW "$wordmill" | grep -q '\.debug_info' && skip "'$1' is not of the release preset"
if [ -z "$renew" ]; then
    recorded=$(sed -n 's/^built by //p' "$record")
    [ "$builder" = "$recorded" ] || skip "built by $builder, recorded for $recorded"
fi

scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-instructions.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
"$generate" --lines "$lines" --seed 1 >"$scratch/input.tsv"
WORDMILL_SIMD=portable "$wordmill" count -j 2 -o "$scratch/expected" "$scratch/input.tsv"

# measure VARIANT: a line "instructions function" for each function of wordmill.
measure() {
    if ! WORDMILL_SIMD=$1 valgrind -q --tool=callgrind \
        --callgrind-out-file="$scratch/$1.callgrind" "$wordmill" count -j 0 -p 1G -m 256M \
        -o "$scratch/output" "$scratch/input.tsv" 2>"$scratch/errors" ||
        ! cmp -s "$scratch/output" "$scratch/expected"; then
        cat "$scratch/errors" >&2
        echo "the run with $1 under valgrind failed" >&2
        exit 1
    fi
    # Its lines: "12,345  file:function [object]".
    callgrind_annotate --threshold=100 --show-percs=no "$scratch/$1.callgrind" |
        grep -F "[$wordmill]" |
        sed 's/,//g; s/^ *\([0-9]*\) .*:\([^:]*\) \[.*/\1 \2/' >"$scratch/$1"
}

failed=0
echo "built by $builder" >"$scratch/record"
for variant in $variants; do
    measure "$variant"
    now=$(awk -v lines="$lines" '{ n += $1 } END { printf "%.2f", n / lines }' "$scratch/$variant")
    echo "$variant $now" >>"$scratch/record"
    before=$(sed -n "s/^$variant //p" "$record" 2>/dev/null || true)
    change=$(awk -v now="$now" -v before="$before" \
        'BEGIN { if (before > 0) printf "%+.1f%%", 100 * now / before - 100; else print "new" }')
    echo "$variant: $now instructions a line, recorded ${before:-nothing} ($change)"
    awk -v change="${change%\%}" 'BEGIN { exit change != "new" && change <= 5 && change >= -5 }' ||
        continue
    failed=1
    sort -nr "$scratch/$variant" | head -8 |
        awk -v lines="$lines" '{ printf "%10.2f  %s\n", $1 / lines, $2 }'
done
if [ -n "$renew" ]; then
    cp "$scratch/record" "$record"
    echo "written to instructions.txt"
elif [ "$failed" -ne 0 ]; then
    echo "the hot loop has changed by more than 5%; if that is as it should be:" \
        "sh tests/bench/instructions.sh --renew"
    exit 1
fi
