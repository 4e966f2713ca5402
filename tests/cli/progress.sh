#!/bin/sh
# Progress: plain counts map operations to the last one, json is JSON, none and -q say nothing.
"$GENERATE" --lines 1000 >in
"$WORDMILL" count in >expected
partitions() { sed -n 's/^ *"partitions": \([0-9]*\),$/\1/p' stats; }
for options in "-j 0" "-j 2" "-j 2 -p 100" "--partition-lines 9" "-p 100 --on-bad-line skip -q"; do
    "$WORDMILL" count --progress=plain $options --stats stats in 2>progress | cmp - expected
    n=$(partitions)
    [ "$(tail -n 1 progress)" = "Finished $n/$n map operations" ] || cat progress
    grep -Evx 'Finished [0-9]+/[0-9]+ map operations' progress
    cat in | "$WORDMILL" count --progress=plain $options --stats stats 2>progress | cmp - expected
    n=$(partitions)
    [ "$(tail -n 1 progress)" = "Finished $n/$n map operations" ] || cat progress

    "$WORDMILL" count --progress=json $options --stats stats in 2>progress | cmp - expected
    n=$(partitions)
    size=$(wc -c <in)
    tail -n 1 progress | grep -Eqx '\{"phase":"done","tasks_done":'"$n,\"tasks\":$n"',"lines":1000,"bytes":'"$size,\"bytes_total\":$size"',"workers":[0-9]+,"seconds":[0-9]+\.[0-9]+\}' ||
        cat progress
done
"$WORDMILL" count --partition-lines 10 --progress plain in >/dev/null
echo "nothing" >&2
"$WORDMILL" count --progress none in | cmp - expected
"$WORDMILL" count -q in | cmp - expected
"$WORDMILL" count in | cmp - expected
"$WORDMILL" count --progress plain nothing
rm in expected stats progress
