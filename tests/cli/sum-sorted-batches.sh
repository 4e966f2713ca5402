#!/bin/sh
# More sorted inputs than files that may be open are merged some at a time: same bytes, no file left.
# shellcheck disable=SC3045
"$GENERATE" --lines 100000 --words 30000 >in
"$WORDMILL" count -o whole in
"$WORDMILL" count -o whole.wmt in
i=1
while [ $i -le 150 ]; do
    if [ $((i % 3)) -eq 0 ]; then
        "$WORDMILL" count -j 0 -q --shard $i/150 -o $i.wmt in
    else
        "$WORDMILL" count -j 0 -q --shard $i/150 -o $i.tsv in
    fi
    i=$((i + 1))
done
gzip 1.tsv
figure() { sed -n "s/^ *\"$1\": \([0-9]*\),*\$/\1/p" "$2"; }
"$WORDMILL" sum --sorted --stats wanted -o all ./*[0-9].wmt ./*.tsv 1.tsv.gz
for limit in 1000 64 40 28 24 23; do
    (ulimit -n $limit && "$WORDMILL" sum --sorted --stats stats -o sum ./*[0-9].wmt ./*.tsv 1.tsv.gz &&
        cmp sum whole && "$WORDMILL" sum --sorted -o sum.wmt ./*[0-9].wmt ./*.tsv 1.tsv.gz &&
        cmp sum.wmt whole.wmt && echo "$limit files: same lines, same table")
    for name in lines bytes counted words; do
        [ "$(figure $name stats)" = "$(figure $name wanted)" ] || echo "$name differ"
    done
    [ "$(figure spilled_runs stats)" -eq 0 ] && echo "no parts"
done
echo "words asked for, and what is left out"
for options in "-w Boat -w nothing -w of" "--min-count 100" "--match s$ -s word -n 9" "--output-format csv"; do
    "$WORDMILL" sum -q --sorted $options ./*[0-9].wmt ./*.tsv 1.tsv.gz >sum
    (ulimit -n 40 && "$WORDMILL" sum -q --sorted $options ./*[0-9].wmt ./*.tsv 1.tsv.gz >got)
    cmp sum got && [ -s got ] && echo "same: $options"
done
echo "counts that do not fit, a bad line, a disk that is full, a folder that is not there"
printf '%s\t18446744073709551615\n' "$(head -n 1 whole | cut -f 1)" >large.tsv
printf 'ant\tmany\n' >bad.tsv
ulimit -n 40
exec 2>&1
"$WORDMILL" sum --sorted -o sum ./[1-9]*.wmt ./[1-9]*.tsv 1.tsv.gz large.tsv
"$WORDMILL" sum --sorted -o sum ./[1-9]*.wmt ./[1-9]*.tsv bad.tsv
"$WORDMILL" sum --sorted --on-bad-line skip -o sum bad.tsv ./[1-9]*.wmt ./[1-9]*.tsv 1.tsv.gz
cmp sum whole
rm large.tsv bad.tsv
"$WORDMILL" sum --sorted --spill-dir nowhere -o sum ./[1-9]*.wmt ./[1-9]*.tsv
if ulimit -f 100; then
    "$WORDMILL" sum --sorted --spill-dir . -o none ./[1-9]*.wmt ./[1-9]*.tsv
fi
rm in whole ./*.wmt ./*.tsv 1.tsv.gz all sum stats wanted got
