#!/bin/sh
# Wrong usage: one line on standard error, exit status 2, and nothing is read or written.
run() {
    "$WORDMILL" "$@" </dev/null
    echo "exit $?" >&2
}
printf 'a\t2000\t1\t1\n' >f
run
run cuont f
run count f -o
run --colour
run -x count f
run count -j
run count --workers
run count -j -1 f
run count -j 2x f
run count -j '' f
run count -j 99999 f
run count -j 18446744073709551617 f
run count -r 1 f
run count -r 0 f
run count -p 12Q f
run count -p 0 f
run count -p '' f
run count -p 1.5M f
run count -p -1 f
run count -p 99999999999G f
run count --partition-lines 0 f
run count -p 1 --partition-lines 1 f
run count -n 0 f
run count -n 1 -s none f
run count --sort length f
run count --on-bad-line=stop f
run count --task-timeout -1 f
run count --task-timeout 1s f
run count --task-timeout . f
run count --task-timeout 1000000001 f
run count --progress=fast f
run count --nothing f
run count -Z f
run count --quiet=yes f
run count --part 3 f
run count "$(printf -- '--two\nlines')" f
rm f
