#!/bin/sh
# Where fewer processes can be had than were asked for, the run makes do and says so.
as_other() { setpriv --reuid=$((20000 + $$ % 40000)) --clear-groups "$@"; }
as_other test -x "$WORDMILL" 2>/dev/null || exit 77 # not root, or a folder of root's alone
export ASAN_OPTIONS=detect_leaks=0 # which would need a process of its own
for limit in 1 3; do
    as_other prlimit --nproc=$limit "$WORDMILL" count -j 3 -v -w Aardvark <"$SAMPLE" 2>verbose
    echo "exit $?"
    sed -n '/^workers/s/[0-9]*% busy, //p; /^wordmill:/p' verbose
done
rm verbose
