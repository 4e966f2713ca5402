#!/bin/sh
# Too many words for the memory limit: one line says what to raise, and raising it is enough.
"$GENERATE" --lines 300000 --words 300000 >in
for workers in 0 1 2; do
    echo old >out.tsv
    "$WORDMILL" count -j "$workers" -m 4M -o out.tsv in
    echo "exit $?" >&2
    cat out.tsv
    cat in | "$WORDMILL" count -j "$workers" -m 4M -o out.tsv
    echo "exit $?" >&2
    "$WORDMILL" count -j "$workers" -m 256M -o out.tsv in
    echo "exit $?" >&2
    wc -l <out.tsv
done
rm in out.tsv
