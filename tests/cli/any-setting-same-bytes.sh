#!/bin/sh
# Workers, partitions and fan-in change nothing in the output.
compare() {
    cmp got expected && n=$((n + 1)) || echo "differs: $*"
}
check() {
    lines=$1
    shift
    n=0
    "$GENERATE" --lines "$lines" --unsorted >in
    awk -F'\t' '{ sum[$1] += $3 } END { for (w in sum) printf "%s\t%.0f\n", w, sum[w] }' in |
        sort >expected
    "$WORDMILL" count -j 0 -O table in >table
    for partition; do
        for workers in 0 1 2 7; do
            for fan_in in 2 3 64; do
                "$WORDMILL" count -j "$workers" $partition -r "$fan_in" in >got
                compare "-j $workers $partition -r $fan_in"
            done
            "$WORDMILL" count -j "$workers" $partition -O table in | cmp - table || echo "another table"
            cat in | "$WORDMILL" count -j "$workers" $partition >got
            compare "-j $workers $partition, a pipe"
        done
    done
    echo "$lines lines: $n equal"
}
check 300 "-p 1" "-p 7" "--partition-lines 1"
check 3000 "-p 100" "-p 4K" "-p 1G" "--partition-lines 3" "--partition-lines 1000"
rm in got expected table
