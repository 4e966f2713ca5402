#!/bin/sh
# Too many words for the memory limit: runs spill, and the output is the same.
"$GENERATE" --lines 300000 --words 300000 >in
least=4000000
"$WORDMILL" count -j 0 -m 256M --stats stats -o expected in
figure() { sed -n "s/^ *\"$1\": \([0-9]*\),\{0,1\}\$/\1/p" stats; }
check() {
    status=$?
    cmp out.tsv expected && [ "$(figure spilled_runs)" -gt 0 ] &&
        [ "$(figure spilled_bytes)" -gt "$least" ] && echo "exit $status: $*"
    [ "$(figure shared_runs)" -le "$((limit << 20))" ] || echo "$*: $(figure shared_runs) bytes"
    rm out.tsv stats
}
[ "$(figure spilled_runs)" -eq 0 ] && [ "$(figure spilled_bytes)" -eq 0 ] && echo "it fits 256 MiB"
for setting in "0 3" "1 8" "2 3"; do
    limit=${setting#* }
    set -- -j "${setting% *}" -m "${limit}M"
    "$WORDMILL" count "$@" --stats stats -o out.tsv in
    check "$@"
    "$WORDMILL" count "$@" -r 2 -p 64K --stats stats -o out.tsv in
    check "$@" -r 2
    cat in | "$WORDMILL" count "$@" --stats stats >out.tsv
    check "$@" "<a pipe"
done
"$WORDMILL" count -j 2 -m 4M -v in 2>&1 >out.tsv |
    sed -n 's/^spilled     [0-9]* runs, [0-9]* bytes$/-v says so/p'
rm out.tsv
echo "a run for every few lines"
head -n 20000 in >short
"$WORDMILL" count -j 0 short >expected
"$WORDMILL" count -j 2 -m 3M --partition-lines 5 --stats stats -o out.tsv short
limit=3 least=100000
check --partition-lines 5
head -n 100000 in >short
echo "words, counts, the first of them"
for options in "-s count" "--rank" "--fold-case=dominant" "-n 90000" "-n 90000 -s word" "-n 7" "-w aa -w nothing"; do
    "$WORDMILL" count -q -j 0 -m 256M $options short >expected
    "$WORDMILL" count -q -j 2 -m 3M $options short | cmp - expected && echo "$options"
done
rm in short expected
