#!/bin/sh
# Runs the whole suite and prints how many lines and branches of each file ran, and which lines did
# not: sh tests/coverage.sh
#
# Workers that are killed take their counts with them, so lines that run only there seem not to.
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh
# shellcheck disable=SC2086 # a list of words
need $build_packages g++ libcmocka-dev libglib2.0-dev mawk bsdutils gnuplot-nox scdoc mandoc gcovr

cmake --preset coverage >/dev/null
cmake --build --preset coverage -j "$(nproc)" >build/coverage/build.log ||
    { cat build/coverage/build.log && exit 1; }
find build/coverage -name '*.gcda' -delete
# What counts costs time and writes files, which a few tests of the surroundings do not expect.
ctest --preset coverage -j "$(nproc)" -LE 'static|bench|package' || echo "(see above)"

gcovr -r . --object-directory build/coverage -f common/ -f worker/ -f engine/ -e engine/examples/ \
    --exclude-throw-branches --csv build/coverage/coverage.csv \
    --txt build/coverage/lines.txt build/coverage
awk -F, 'NR > 1 {
        printf "%-32s %5d lines %5.1f%% %5d branches %5.1f%%\n", $1, $2, 100 * $4, $5, 100 * $7
        lines += $2; ran += $3; branches += $5; taken += $6
    } END {
        printf "%-32s %5d lines %5.1f%% %5d branches %5.1f%%\n", "all", lines, 100 * ran / lines, \
            branches, 100 * taken / branches
    }' build/coverage/coverage.csv
echo "lines that did not run: build/coverage/lines.txt"
