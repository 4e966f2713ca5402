#!/bin/sh
# One signal ends a run also while it waits for the reader of its output. TERM is what batch systems
# send before they kill, and USR2 what Grid Engine sends. USR1 ends nothing.
"$GENERATE" --lines 100000 --words 100000 >f
"$WORDMILL" count -o sums f
"$WORDMILL" count -o t.wmt f
mkfifo out
# stalled SIGNAL COMMAND...
stalled() {
    signal=$1
    shift
    exec 3<>out
    {
        # So much is more than the FIFO holds, and far less than the output.
        head -c 200000 <&3 >/dev/null
        [ "$signal" != USR2 ] || kill -s USR1 "$(cat pid)"
        kill -s "$signal" "$(cat pid)"
        tries=0
        while kill -s 0 "$(cat pid)" 2>/dev/null && [ "$tries" -lt 100000 ]; do
            tries=$((tries + 1))
        done
        kill -s KILL "$(cat pid)" 2>/dev/null
    } &
    (
        sh -c 'echo $$ >pid; exec "$WORDMILL" "$@" >out 2>message' sh "$@" 3>&-
        echo "exit $?: $signal, $*"
    ) 2>/dev/null
    wait
    exec 3>&-
    grep -v ' map operations, ' message >&2
}
for signal in INT TERM USR2; do
    stalled "$signal" count -j 0 f
    stalled "$signal" count -j 2 f
    stalled "$signal" count -j 2 -o out f
    stalled "$signal" sum -j 2 sums sums
    stalled "$signal" sum --sorted sums sums
    stalled "$signal" query t.wmt "" --prefix
done
rm f sums t.wmt out pid message
