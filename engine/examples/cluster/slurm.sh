#!/bin/sh
# Slurm: each task of an array counts its share of the files, then one job adds up what they found.
#
#     sh slurm.sh TASKS OUTPUT INPUT...
#
# wordmill is found in PATH, which jobs inherit. The static command (engine/package/static.sh) in a
# folder that all nodes share needs nothing installed on them.
set -eu
tasks=$1 output=$2 parts=$(mktemp -d "$2.XXXXXX") # each run has its own
shift 2
array=$(sbatch --parsable --array="1-$tasks" --wrap "exec wordmill count \
    --shard \$SLURM_ARRAY_TASK_ID/$tasks -o '$parts/'\$SLURM_ARRAY_TASK_ID.wmt $(printf " '%s'" "$@")")
sbatch --wait --kill-on-invalid-dep=yes --dependency="afterok:$array" --wrap \
    "exec wordmill sum --sorted -o '$parts/sum-${output##*/}' '$parts/'[0-9]*.wmt"
mv "$parts/sum-${output##*/}" "$output" # not there if a task has failed
rm -r "$parts"
