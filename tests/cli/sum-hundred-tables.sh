#!/bin/sh
# A hundred tables add up at once to the table of the whole, in memory, spilled and merged, with few
# descriptors, and mixed with other results.
"$GENERATE" --lines 100000 --words 30000 >in
"$WORDMILL" count -o whole in
"$WORDMILL" count -o whole.wmt in
tables=
i=1
while [ $i -le 100 ]; do
    "$WORDMILL" count -j 0 --shard $i/100 -o $i.wmt in
    tables="$tables $i.wmt"
    i=$((i + 1))
done
# shellcheck disable=SC3045
ulimit -n 256
for options in "-j 0" "-j 2" "-j 2 -m 3M" "--sorted"; do
    "$WORDMILL" sum $options --stats stats -o sum.wmt $tables
    cmp sum.wmt whole.wmt && echo "same table: $options"
    "$WORDMILL" sum $options -o sum $tables
    cmp sum whole && echo "same lines: $options"
    case $options in
    *-m*) sed -n 's/^ *"spilled_runs": \([0-9]*\),*/\1/p' stats | grep -vx 0 >runs && echo "spilled" ;;
    esac
done
"$WORDMILL" sum whole.wmt whole >twice
awk -F '\t' '{ printf "%s\t%d\n", $1, 2 * $2 }' whole | cmp - twice
"$WORDMILL" sum $tables whole | cmp - twice
rm in whole ./*.wmt sum stats runs twice
