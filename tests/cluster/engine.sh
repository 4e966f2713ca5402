# shellcheck shell=sh
# Sourced by the script of each engine, in an empty folder beside those of the inputs and of what
# must be found. The script defines engine_count OUTPUT INPUT, which runs the recipe, and
# engine_parts OUTPUT, which writes its lines in any order.
. "${root:?run tests/cluster/run.sh}/tests/setup.sh"
export recipes="$root/engine/examples/cluster"
here=$PWD
pids=

skip() {
    echo "skipped: $*"
    exit 77
}

# Daemons of the engine: started here, and stopped however this ends.
start() {
    log=$1
    shift
    "$@" >"$here/$log" 2>&1 &
    pids="$pids $!"
}
stop() {
    # shellcheck disable=SC2086 # a list of words
    [ -z "$pids" ] || kill $pids 2>/dev/null || :
    wait
}
trap stop EXIT
trap 'exit 1' HUP INT TERM

# wait_for COMMAND...: until it succeeds, for ten minutes, since daemons are slow on a busy machine.
wait_for() {
    left=600
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        # shellcheck disable=SC2086 # a list of words
        [ $left -gt 0 ] && { [ -z "$pids" ] || kill -0 $pids 2>/dev/null; } || return 1
        sleep 1
    done
}

give_up() {
    echo "FAILED: $*"
    tail -n 20 "$here"/*.log
    exit 1
}

# free_ports N: the first of N ports in a row that nobody uses, below those that the system gives.
free_ports() {
    cat /proc/net/tcp* | awk -v n="$1" -v port=$((20000 + $$ % 10000)) '
        { used[substr($2, length($2) - 3)] }
        END {
            for (i = 0; i < n; i++)
                if (sprintf("%04X", port + i) in used) {
                    port += i + 1
                    i = -1
                }
            print port
        }'
}

# compare NAME INPUT
compare() {
    engine_parts "$here/$1" | LC_ALL=C sort >"$here/$1.sorted"
    if ! cmp "$here/$1.sorted" "../expected/$2"; then
        give_up "$1 differs"
    fi
}

count_all() {
    for input in ../in/*; do
        name=${input##*/}
        began=$(date +%s)
        engine_count "$here/$name" "$here/$input" >"$name.log" 2>&1 || give_up "$name"
        compare "$name" "$name"
        echo "$name: same bytes, $(($(date +%s) - began)) s"
    done
}

# Puts a command before wordmill of which the first 'count' says who it is, in the value of a shell
# expression, and then hangs until somebody ends it.
make_victim() {
    mkdir "$here/victim"
    cat >"$here/victim/wordmill" <<EOF
#!/bin/sh
if [ "\$1" = count ] && mkdir '$here/hung' 2>/dev/null; then
    printf 'half an answer\t1\n'
    echo "$1" >'$here/hung/new' && mv '$here/hung/new' '$here/hung/who'
    exec sleep 3600
fi
exec '$(command -v wordmill)' "\$@"
EOF
    chmod +x "$here/victim/wordmill"
    PATH="$here/victim:$PATH"
}

# kill_one EXPRESSION COMMAND...: the command is given what the expression says.
kill_one() {
    make_victim "$1"
    shift
    began=$(date +%s)
    engine_count "$here/killed" "$here/../in/made" >killed.log 2>&1 &
    job=$!
    wait_for test -e hung/who || give_up "no task is there to be killed"
    "$@" "$(cat hung/who)" >>killed.log 2>&1
    wait "$job" || give_up "the job did not survive"
    compare killed made
    echo "made, a task killed: same bytes, $(($(date +%s) - began)) s"
}
