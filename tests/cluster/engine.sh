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

# wait_for SECONDS COMMAND...
wait_for() {
    left=$1
    shift
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        if [ $left -le 0 ]; then
            echo "gave up waiting for: $*"
            return 1
        fi
        sleep 1
    done
}

# compare NAME INPUT
compare() {
    engine_parts "$here/$1" | LC_ALL=C sort >"$here/$1.sorted"
    if ! cmp "$here/$1.sorted" "../expected/$2"; then
        echo "FAILED: $1 differs"
        exit 1
    fi
}

count_all() {
    for input in ../in/*; do
        name=${input##*/}
        began=$(date +%s)
        if ! engine_count "$here/$name" "$here/$input" >"$name.log" 2>&1; then
            tail -n 40 "$name.log"
            exit 1
        fi
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
    exec sleep 600
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
    wait_for 120 test -e hung/who
    "$@" "$(cat hung/who)" >>killed.log 2>&1
    if ! wait "$job"; then
        tail -n 40 killed.log
        exit 1
    fi
    compare killed made
    echo "made, a task killed: same bytes, $(($(date +%s) - began)) s"
}
