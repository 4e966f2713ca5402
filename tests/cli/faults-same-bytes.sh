#!/bin/sh
# Wherever a worker is killed, its task is run again and the output is the same.
printf 'a\t2000\t1\t1\n' >f
WORDMILL_FAULT=map:1 "$WORDMILL" count -v f 2>&1 | grep -q ' 1 task run again' || exit 77
"$GENERATE" --lines 20000 --words 9000 >in
"$WORDMILL" count -j 0 in >expected
figure() { sed -n "s/^ *\"$1\": \([0-9]*\),\$/\1/p" stats; }
check() {
    cmp out.tsv expected && echo "$*: $(figure lines) lines, $(figure retries) again"
    rm -f out.tsv stats
}
for fault in map:1 map:3 run:1 commit:1 mutex:2 message:1 message:3 reduce:2 write:1 write:2; do
    export WORDMILL_FAULT="$fault"
    for workers in 1 2; do
        "$WORDMILL" count -j "$workers" -p 4K -r 2 --stats stats -o out.tsv in
        check "$fault, -j $workers"
        cat in | "$WORDMILL" count -j "$workers" -p 4K -r 2 --stats stats -o out.tsv
        check "$fault, -j $workers, a pipe"
    done
done
for fault in split:1 map:2 message:2 mutex:all; do
    export WORDMILL_FAULT="$fault"
    "$WORDMILL" count -j 2 --partition-lines 1000 --stats stats -o out.tsv in
    check "$fault, by lines"
done
unset WORDMILL_FAULT
"$GENERATE" --lines 60000 --words 60000 >in
"$WORDMILL" count -j 0 -s count in >expected
for fault in run:9 spill:1 spill:6 message:20 reduce:1 reduce:5 write:1 write:3; do
    export WORDMILL_FAULT="$fault"
    "$WORDMILL" count -j 2 -m 3M -p 30K -s count --stats stats -o out.tsv in
    [ "$(figure spilled_runs)" -gt 0 ] && check "$fault, past the memory limit"
done
rm f in expected
