#!/bin/sh
# --stats: figures as JSON, the same whatever the workers.
printf 'a\t2000\t1\t1\nb\t2000\t1\t1\nbad\na\t2000\t1\t1\nc\t2000\t1\t1\n' >in
figure() { sed -n "s/^ *\"$1\": \([0-9]*\),\{0,1\}\$/\1/p" stats; }
for options in "-j 0 --partition-lines 2" "-j 2 --partition-lines 2" "-j 3 -p 10" "-j 1 -n 2"; do
    "$WORDMILL" count $options --on-bad-line=skip -q --stats stats -o out.tsv in
    echo "exit $?: $options"
    for key in lines bytes words rejected workers workers_started partitions partition_size retries; do
        echo "$key $(figure $key)"
    done
done
echo "all keys"
sed -n 's/^ *"\([a-z_]*\)": .*/\1/p' stats
for key in runs run_bytes fan_in rounds reduce_tasks largest_process shared_runs; do
    [ "$(figure $key)" -gt 0 ] || echo "$key: $(figure $key)"
done
grep -Ec '^ *"(seconds|split|map|reduce|write|output_seconds)": [0-9]+\.[0-9]+,?$' stats
grep -Ec '^ *"round_seconds": \[[0-9]+\.[0-9]+\],$' stats
cat in | "$WORDMILL" count --on-bad-line=skip -q --stats stats >out.tsv
for key in lines bytes words rejected partitions; do
    echo "$key $(figure $key)"
done
echo "nothing to read"
"$WORDMILL" count --stats stats </dev/null
for key in lines bytes words rejected; do
    echo "$key $(figure $key)"
done
for file in /dev/full nowhere/stats .; do
    "$WORDMILL" count --stats "$file" </dev/null
    echo "exit $?" >&2
done
# What a packed file takes to unpack is known, whether it is cut at its members or read in one piece.
"$GENERATE" --lines 100000 >in
split -l 1000 --filter='gzip -1' in >members.gz
gzip -1 -c in >whole.gz
for file in in members.gz whole.gz; do
    "$WORDMILL" count -j 1 -p 64K --stats stats -o out.tsv "$file"
    sed -nE 's/^ *"unpack_seconds": (0.0*,|[0-9.]+,)$/\1/p' stats | grep -c '[1-9]'
    [ "$(figure largest_partition)" -gt 0 ] || echo "no largest partition"
done
rm in members.gz whole.gz out.tsv stats
