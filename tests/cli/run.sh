#!/bin/sh
# Runs one test of the command: sh run.sh NAME
#
# NAME.sh runs in an empty folder. What it writes must equal NAME.stdout and NAME.stderr, its exit
# status NAME.exit; an expectation that is missing stands for no output, or 0. It must leave no
# file and no process behind. Exit status 77 means skipped.
set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 1
name=$1
: "${WORDMILL:?names the command}" "${GENERATE:?names ngram-generate}"
: "${PAGES:?names wordmill-pages}"
: "${SAMPLE:?names sample.tsv}" "${DATA:?names the folder of real inputs}"
: "${EXAMPLES:?names the folder of the built examples}"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-$name.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT PIPE TERM
mkdir "$scratch/folder" && cd "$scratch/folder" || exit 1

failed=0
fail() {
    echo "$name: $*"
    failed=1
}

# Processes that inherited the marker.
processes() {
    grep -lsF "WORDMILL_TEST=$scratch" /proc/[0-9]*/environ | sed 's/[^0-9]//g'
}

# expect FILE ACTUAL WHAT
expect() {
    expected=$1
    [ -e "$expected" ] || expected=/dev/null
    diff -u "$expected" "$2" || fail "$3 is not what was expected"
}

# Who started this may ignore signals, and a shell cannot undo that.
defaults=
env --default-signal true 2>/dev/null && defaults=--default-signal

umask 022
# shellcheck disable=SC3045
ulimit -c 0 2>/dev/null
unset WORDMILL_FAULT COLUMNS
# shellcheck disable=SC2086
env $defaults "WORDMILL_TEST=$scratch" "TMPDIR=$scratch/folder" LC_ALL=C \
    "WORDMILL=$WORDMILL" "GENERATE=$GENERATE" "PAGES=$PAGES" "SAMPLE=$SAMPLE" "DATA=$DATA" \
    "EXAMPLES=$EXAMPLES" \
    sh "$here/$name.sh" </dev/null >"$scratch/stdout" 2>"$scratch/stderr"
status=$?

left=$(processes)
for pid in $left; do
    fail "process $pid still runs: $(tr '\0' ' ' <"/proc/$pid/cmdline")"
    kill -KILL "$pid"
done
files=$(ls -A)
# A skipped test may have made files to find out.
[ -z "$files" ] || [ "$status" -eq 77 ] || fail "left behind:" "$files"
[ "$status" -eq 77 ] && [ "$failed" -eq 0 ] && exit 77

echo "$status" >"$scratch/exit"
echo 0 >"$scratch/zero"
expected_exit="$here/$name.exit"
[ -e "$expected_exit" ] || expected_exit="$scratch/zero"
expect "$here/$name.stdout" "$scratch/stdout" "standard output"
expect "$here/$name.stderr" "$scratch/stderr" "standard error"
expect "$expected_exit" "$scratch/exit" "exit status"
exit "$failed"
