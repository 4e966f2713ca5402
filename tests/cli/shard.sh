#!/bin/sh
# --shard: where its value comes from, and that all shards add up to the whole.
count() {
    "$WORDMILL" count -j 0 "$@"
    status=$?
    [ "$status" -eq 0 ] || echo "exit $status" >&2
}
total() {
    awk -F'\t' '{ sum[$1] += $2 } END { for (w in sum) printf "%s\t%.0f\n", w, sum[w] }' | sort
}
printf 'a\t2000\t1\t1\nb\t2000\t2\t1\nc\t2000\t4\t1\n' >three # lines of 11 bytes

echo "with = and without"
count --shard=1/3 three
count --shard 2/3 three
count three --shard 3/3
echo "a file of such a name"
mkdir 1
cp three 1/3
count --shard=3/3 1/3
count --shard 3/3 ./1/3
echo "more shards than lines"
for i in 1 2 3 4 5 6 7; do count --shard $i/7 three; done
echo "an array of Slurm's: the place among its indices"
slurm() {
    SLURM_ARRAY_TASK_ID=$1 SLURM_ARRAY_TASK_MIN=$2 SLURM_ARRAY_TASK_MAX=$3 \
        SLURM_ARRAY_TASK_COUNT=$4 "$WORDMILL" count -j 0 three --shard
}
slurm 1 1 3 3
slurm 1 0 2 3
slurm 2 0 2 3
echo "all shards of several files, with partitions of bytes and of lines"
"$GENERATE" --lines 3000 >one
head -c -1 three >two
: >empty
for partition in "-p 4K" "--partition-lines 100"; do
    for n in 1 2 9; do
        i=0
        while [ $((i += 1)) -le $n ]; do
            # shellcheck disable=SC2086 # an option and its value
            count $partition --shard $i/$n one empty two three
        done | total >got
        count one empty two three | cmp - got && echo same
    done
done
echo "a pipe is whole in one of them"
for i in 1 2 3; do cat one | count --shard $i/3 - two | wc -l; done

echo "line numbers are known from the start of a file only" >&2
printf 'a\t2000\t1\t1\nbad\nc\t2000\t4\t1\nworse\nd\t2000\t4\t1\n' >bad
count --shard 1/2 bad
count --shard 2/2 bad
count --shard 1/2 --on-bad-line skip --rejects rejects bad >/dev/null
cat rejects >&2
count --shard 2/2 --on-bad-line skip --rejects rejects bad >/dev/null
cat rejects >&2

echo "wrong usage" >&2
count --shard=0/3 three
count --shard 4/3 three
count --shard 1/0 three
count --shard=3 three
count --shard=1/2/3 three
count --shard=/ three
count --shard=1/99999999999 three
count --shard=/3 three
count --shard=3/ three
count --shard three
count three --shard
echo "arrays that may be a part of another" >&2
slurm 3 3 3 1
slurm 0 0 0 1
slurm 3 2 5 4
slurm 2 1 5 3
slurm 7 1 5 5
slurm x 1 5 5
rm -r 1 three one two empty got bad rejects
