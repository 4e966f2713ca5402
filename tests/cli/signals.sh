#!/bin/sh
# A signal ends a run as it would end any program, and nothing is left behind.
mkfifo in
echo old >out.tsv
for workers in 0 2; do
    for signal in HUP INT TERM; do
        # The FIFO stays open for writing and holds less than what is written: once all of that
        # is, the run is under way, and waits for more.
        exec 3<>in
        {
            "$GENERATE" --lines 20000 >&3
            kill -s "$signal" "$(cat pid)"
        } &
        # The shell's own word for the signal, if it has one, goes to /dev/null.
        (
            sh -c 'echo $$ >pid; exec "$WORDMILL" count -j "$1" -p 4K -o out.tsv in 2>message' \
                sh "$workers" 3>&-
            echo "exit $?: -j $workers, $signal"
        ) 2>/dev/null
        wait
        exec 3>&-
        cat message >&2
        cat out.tsv
        ls -A
    done
done
rm in out.tsv pid message
