#!/bin/sh
# A task that kills three workers fails the run: file and bytes are named, and nothing is left.
printf 'a\t2000\t1\t1\n' >f
WORDMILL_FAULT=map:1 "$WORDMILL" count -v f 2>&1 | grep -q ' 1 task run again' || exit 77
run() {
    "$WORDMILL" count "$@"
    echo "exit $?" >&2
}
"$GENERATE" --lines 1000 >in
for fault in map:all:exit run:all:exit commit:all:exit message:all:exit; do
    echo "$fault" >&2
    export WORDMILL_FAULT="$fault"
    run -j 1 -o out.tsv f
    run -j 2 -p 1G in
    run -j 1 -p 10 f
    cat f | run -j 2
done
for fault in reduce:all:exit write:all:exit; do
    echo "$fault" >&2
    export WORDMILL_FAULT="$fault"
    run -j 2 -o out.tsv f
done
ls -A
rm f in
