#!/bin/sh
# What is under the name of the output stays whole until it is replaced, and if it cannot be.
"$GENERATE" --lines 2000 >in
"$WORDMILL" count in >expected
mkfifo fifo
run() {
    "$WORDMILL" count "$@" 3>&-
    echo "exit $?" >&2
}
start() { # a run that waits for more of its input
    exec 3<>fifo
    "$WORDMILL" count -j 2 "$@" in fifo 3>&- &
    pid=$!
    cat in in in in in >&3
}
for signal in TERM KILL; do
    echo "old" >out.tsv
    start -o out.tsv
    cat out.tsv
    kill -s "$signal" "$pid"
    wait "$pid" 2>/dev/null
    echo "exit $?" >&2
    exec 3>&-
    cat out.tsv
    rm -f .wordmill.* # what a killed coordinator cannot remove
done

echo "the folder goes away" >&2
mkdir folder
start -o folder/out.tsv
rm -r folder
exec 3>&-
wait "$pid"
echo "exit $?" >&2

echo "an input that is the output" >&2
cat in >out.tsv
run -o out.tsv out.tsv
cmp out.tsv expected

echo "a FIFO whose reader takes its time, at both ends of a pipe" >&2
mkfifo out
{ read -r line; echo "$line"; cat; } <out >got &
cat in | run -j 2 -o out
wait $!
cmp got expected
cat in | "$WORDMILL" count | cat | cmp - expected
rm -r in expected fifo out out.tsv got
