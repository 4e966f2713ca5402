#!/bin/sh
# One signal ends a run also while it waits for the reader of its output.
"$GENERATE" --lines 100000 --words 100000 >f
mkfifo out
for workers in 0 2; do
    for signal in INT TERM; do
        exec 3<>out
        {
            # So much is more than the FIFO holds, and far less than the output.
            head -c 200000 <&3 >/dev/null
            kill -s "$signal" "$(cat pid)"
            tries=0
            while kill -s 0 "$(cat pid)" 2>/dev/null && [ "$tries" -lt 2000 ]; do
                tries=$((tries + 1))
            done
            kill -s KILL "$(cat pid)" 2>/dev/null
        } &
        (
            sh -c 'echo $$ >pid; exec "$WORDMILL" count -j "$1" -o out f 2>message' \
                sh "$workers" 3>&-
            echo "exit $?: -j $workers, $signal"
        ) 2>/dev/null
        wait
        exec 3>&-
        cat message >&2
    done
done
rm f out pid message
