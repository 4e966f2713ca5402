#!/bin/sh
# Descriptors that are closed at the start are never taken for the files of the run.
printf 'a\t2000\t1\t1\nbad\n' >in
for workers in 0 2; do
    "$WORDMILL" count -j "$workers" --on-bad-line skip -o out.tsv --rejects rejects --stats stats \
        in <&- >&- 2>&-
    echo "exit $?"
    cat out.tsv rejects
    grep -c lines stats
    "$WORDMILL" count -j "$workers" in <&- 2>&-
    echo "exit $?"
    rm out.tsv rejects stats
done
rm in
