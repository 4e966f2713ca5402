#!/bin/sh
# A controller and one node of Slurm on this machine.
set -eu
# shellcheck source=tests/cluster/engine.sh
. "${root:?run tests/cluster/run.sh}/tests/cluster/engine.sh"
(need slurmctld slurmd slurm-client) || skip "Slurm cannot be installed"

user=$(id -un)
port=$(free_ports 2)
mkdir state spool
cat >slurm.conf <<EOF
ClusterName=wordmill
SlurmctldHost=localhost
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/none
AuthInfo=cred_expire=5
CredType=cred/none
StateSaveLocation=$here/state
SlurmdSpoolDir=$here/spool
SlurmctldPidFile=$here/slurmctld.pid
SlurmdPidFile=$here/slurmd.pid
ProctrackType=proctrack/linuxproc
SchedulerType=sched/builtin
SelectType=select/cons_tres
NodeName=localhost CPUs=$(nproc)
PartitionName=all Nodes=localhost Default=YES
EOF
export SLURM_CONF="$here/slurm.conf"

start slurmctld.log slurmctld -D
start slurmd.log slurmd -D -N localhost
is_idle() { sinfo -h -o %T | grep -qx idle; }
wait_for is_idle || skip "Slurm does not start: $(tail -n 3 slurmctld.log slurmd.log)"

engine_count() { sh "$recipes/slurm.sh" 5 "$1" "$2"; }
engine_parts() { cat "$1"; }
count_all

# A task fails: the recipe does, too, and there is no output; run again, it makes it.
mkdir failing
cat >failing/wordmill <<EOF
#!/bin/sh
[ "\$1" != count ] || ! mkdir '$here/failed' 2>/dev/null || exit 1
exec '$(command -v wordmill)' "\$@"
EOF
chmod +x failing/wordmill
(PATH="$here/failing:$PATH" && engine_count "$here/again" "$here/../in/made") >again.log 2>&1 &&
    give_up "a task failed, but the recipe did not"
[ ! -e again ] || give_up "a task failed, but there is an output"
engine_count "$here/again" "$here/../in/made" >again.log 2>&1 || give_up "the second run"
compare again made
echo "made, a task failed, run again: same bytes"

# Submitted again alone, a task is in an array of one.
sbatch --wait --array=3 --wrap "exec wordmill count --shard \$SLURM_ARRAY_TASK_ID/5 \
    -o '$here/alone' '$here/../in/made'" >alone.log 2>&1 || give_up "a task alone"
wordmill count --shard 3/5 -o share ../in/made
cmp alone share || give_up "a task alone has another share"
echo "made, a task alone: its share"

# shellcheck disable=SC2016 # a task of Slurm's expands it
kill_one '${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID' scontrol requeue
