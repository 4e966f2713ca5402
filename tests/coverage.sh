#!/bin/sh
# Runs the whole suite and prints how many lines and branches of each file ran, and which lines did
# not: sh tests/coverage.sh
#
# What does not run, or ran where nobody counted it:
#   - common/scan/scan_avx512.c, scan_neon.c: for another CPU
#   - common/shared/fault.c, process.c and host_map.c past a kill: a killed worker takes its counts with it, as
#     does what a worker that jobs kill at their end has not written yet (parts of worker/)
#   - NOMEM and 'goto fail' where malloc fails: test_inject has every call fail, but some workers
#     that saw it were killed; with less than its time limit it does not come to all of them
#   - CODE_PROTOCOL in dispatch.c and worker.c: the other side of the protocol has a defect
#   - engine/cli/foreground.c, console.c, meter.c: signal handlers that end the process, terminals of odd
#     sizes, jobs of hours
#   - bench_*.c: a gnuplot or a disk that fails in the middle; a machine that is not quiet
#   - engine/files/spill.c, stream.c: more than 1 TiB spilled, blocks that do not fit though runs gave way
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

# Threads that count at once, and kills, spoil a count now and then: gcovr leaves out what it cannot be.
gcovr -r . --object-directory build/coverage -f common/ -f worker/ -f engine/ -e engine/examples/ \
    --gcov-ignore-parse-errors --exclude-throw-branches --csv build/coverage/coverage.csv \
    --txt build/coverage/lines.txt build/coverage
awk -F, 'NR > 1 {
        printf "%-32s %5d lines %5.1f%% %5d branches %5.1f%%\n", $1, $2, 100 * $4, $5, 100 * $7
        lines += $2; ran += $3; branches += $5; taken += $6
    } END {
        printf "%-32s %5d lines %5.1f%% %5d branches %5.1f%%\n", "all", lines, 100 * ran / lines, \
            branches, 100 * taken / branches
    }' build/coverage/coverage.csv
echo "lines that did not run: build/coverage/lines.txt"
