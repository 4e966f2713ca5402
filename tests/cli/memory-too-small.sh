#!/bin/sh
# A memory limit that cannot do names one that can, and every larger one can too.
"$GENERATE" --lines 1000 >in
"$WORDMILL" count in >expected
least='s/^wordmill: a memory limit of 1 KiB is too small .*: at least \([0-9]*\) KiB$/\1/p'
for workers in 0 1 2 7; do
    "$WORDMILL" count -j "$workers" -m 1K in 2>message
    echo "exit $?"
    limit=$(sed -n "$least" message)
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        "$WORDMILL" count -j "$workers" -m "${limit}K" in >got
        cmp got expected || echo "-j $workers -m ${limit}K"
        limit=$((limit + limit / 7))
    done
done
rm in expected got message
