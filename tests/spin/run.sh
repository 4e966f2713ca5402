#!/bin/sh
# Searches all states of the model in schedule.pml: sh tests/spin/run.sh [short|long]
set -eu
model=$(cd "$(dirname "$0")" && pwd)/schedule.pml
command -v spin >/dev/null || {
    echo "skipped: no spin"
    exit 77
}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-spin.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
# A search is over before a compiler has optimized it, but for the long ones.
optimize=-O0

# search ERRORS PAN_OPTION COMPILER_OPTION SPIN_OPTIONS...
search() {
    errors=$1 pan=$2 compiler=$3
    shift 3
    spin -a "$@" "$model"
    cc $optimize -w "$compiler" -o pan pan.c
    ./pan "$pan" -m1000000 >out 2>&1 || true
    echo "$compiler $*: $(grep -E 'errors:' out), $(grep 'states, stored' out)"
    if ! grep -q "errors: $errors\$" out || grep -q 'max search depth' out; then
        cat out
        exit 1
    fi
}
search 0 -n -DSAFETY
search 0 -l -DNP
search 1 -n -DSAFETY -DGIVE_EARLY
if [ "${1-short}" = long ]; then
    optimize=-O2
    search 0 -n -DSAFETY -DTASKS=3 -DDEATHS=4
    search 0 -l -DNP -DTASKS=3 -DDEATHS=3
fi
