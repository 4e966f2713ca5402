#!/bin/sh
# Slurm: each task of an array counts its share of the files, then one job adds up what they found.
#
#     sh slurm.sh TASKS OUTPUT INPUT...
set -eu
tasks=$1 output=$2
shift 2
mkdir "$output.parts"
array=$(sbatch --parsable --array="1-$tasks" --wrap \
    "exec wordmill count --shard -o '$output.parts/'\$SLURM_ARRAY_TASK_ID.wmt $*")
sbatch --wait --kill-on-invalid-dep=yes --dependency="afterok:$array" --wrap \
    "exec wordmill sum --sorted -o '$output' '$output.parts/'*.wmt"
rm -r "$output.parts"
