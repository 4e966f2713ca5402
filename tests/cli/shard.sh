#!/bin/sh
# --shard: where its value comes from, and that all shards add up to the whole.
# A runner of tests may be a task itself.
unset SLURM_ARRAY_TASK_ID JOB_COMPLETION_INDEX AWS_BATCH_JOB_ARRAY_INDEX AWS_BATCH_JOB_ARRAY_SIZE \
    BATCH_TASK_INDEX BATCH_TASK_COUNT SGE_TASK_ID PBS_ARRAY_INDEX PBS_ARRAYID LSB_JOBINDEX
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
# task SHARD VARIABLES: as which share a task with these counts.
task() {
    shard=$1
    shift
    env "$@" "$WORDMILL" count -j 0 three "--shard$shard"
}
slurm() {
    task "" SLURM_ARRAY_TASK_ID="$1" SLURM_ARRAY_TASK_MIN="$2" SLURM_ARRAY_TASK_MAX="$3" \
        SLURM_ARRAY_TASK_COUNT="$4"
}
aws() { task "${3-}" AWS_BATCH_JOB_ARRAY_INDEX="$1" AWS_BATCH_JOB_ARRAY_SIZE="$2"; }
google() { task "${3-}" BATCH_TASK_INDEX="$1" BATCH_TASK_COUNT="$2"; }
kubernetes() { task "$2" JOB_COMPLETION_INDEX="$1"; }
sge() {
    task "${5-}" SGE_TASK_ID="$1" SGE_TASK_FIRST="$2" SGE_TASK_LAST="$3" SGE_TASK_STEPSIZE="$4"
}
pbs() { task "$2" PBS_ARRAY_INDEX="$1"; }
torque() { task "$2" PBS_ARRAYID="$1"; }
lsf() { task "$4" LSB_JOBINDEX="$1" LSB_JOBINDEX_END="$2" LSB_JOBINDEX_STEP="$3"; }

echo "a task of an array: its place among the indices"
slurm 1 1 3 3
slurm 1 0 2 3
slurm 2 0 2 3
echo "Kubernetes, AWS Batch, Google Batch"
for i in 0 1 2; do kubernetes $i =/3; done
for i in 0 1 2; do aws $i 3; done
for i in 0 1 2; do google $i 3 =/3; done
google 0 1
echo "Grid Engine, PBS, Torque, LSF"
for i in 1 2 3; do sge $i 1 3 1; done
for i in 1 2 3; do pbs $i =/3; done
for i in 1 2 3; do torque $i =/3; done
for i in 1 2 3; do lsf $i 3 1 =/3; done
sge 1 1 1 1 =/1
echo "what says I/N looks at none; a job that is no array is none"
SGE_TASK_ID=5 LSB_JOBINDEX=x count --shard 2/3 three
SGE_TASK_ID=undefined SGE_TASK_FIRST=undefined LSB_JOBINDEX=0 LSB_JOBINDEX_END=0 kubernetes 1 =/3
SGE_TASK_ID=undefined count three --shard 1/3
JOB_COMPLETION_INDEX=1 count --shard /3 three
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
sge 3 3 5 1
sge 1 1 1 1
sge 1 1 5 2
lsf 1 3 2 =/3
echo "the number of tasks" >&2
kubernetes 0 ""
pbs 1 ""
torque 1 ""
lsf 1 3 1 ""
lsf 1 3 1 =/4
aws 1 3 =/4
google 1 3 =/2
kubernetes 0 =/0
kubernetes 0 =/x
echo "an index that is none of them" >&2
kubernetes 3 =/3
aws 3 3
google 3 3
google 0 0
sge 4 1 3 1
sge 0 0 2 1
pbs 0 =/3
torque 4 =/3
lsf 4 3 1 =/3
echo "what is no number" >&2
slurm x 1 5 5
slurm 1 "" 5 5
kubernetes "" =/3
kubernetes -1 =/3
aws 1 three
google " 1" 3
sge undefined 1 3 1
sge 1 1 undefined 1
pbs 1[] =/3
torque 99999999999999999999 =/3
lsf 0 3 1 =/3
lsf 1 x 1 =/3
echo "a part of the variables, and two systems" >&2
task "" SLURM_ARRAY_TASK_ID=1
task "" SLURM_ARRAY_TASK_MAX=3
task "" AWS_BATCH_JOB_ARRAY_INDEX=1
task "" BATCH_TASK_COUNT=1
task "" SGE_TASK_ID=1 SGE_TASK_FIRST=1 SGE_TASK_LAST=3
task "=/3" LSB_JOBINDEX=1 LSB_JOBINDEX_END=3
task "=/3" JOB_COMPLETION_INDEX=1 SLURM_ARRAY_TASK_ID=1
task "" AWS_BATCH_JOB_ARRAY_INDEX=1 AWS_BATCH_JOB_ARRAY_SIZE=3 JOB_COMPLETION_INDEX=1
rm -r 1 three one two empty got bad rejects
