#!/bin/sh
# Runs the whole suite and prints how many lines and branches of each file ran, and which lines did
# not: sh tests/coverage.sh
#
# Of the lines that did not run, most are of these kinds:
#   - common/scan_avx512.c, scan_neon.c: for another CPU
#   - common/fault.c and what follows a kill: a killed worker takes its counts with it
#   - engine/cli/job.c, progress.c: signal handlers that end the process, terminals of odd sizes
#   - bench_*.c: a gnuplot or a disk that fails in the middle
#   - 'default:' and 'return 0' after a switch over all of an enum
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
