#!/bin/sh
# Where runs cannot be spilled to, one line says why and what to do, and nothing is left.
"$GENERATE" --lines 300000 --words 300000 >in
run() {
    "$WORDMILL" count -m 4M "$@" -o out.tsv in
    echo "exit $?" >&2
}
echo "a folder that is not there" >&2
run --spill-dir nowhere
run -j 0 --spill-dir in
"$WORDMILL" count -m 256M -o counts.tsv in
"$WORDMILL" sum -m 4M --spill-dir nowhere -o out.tsv counts.tsv
echo "exit $?" >&2
rm counts.tsv
echo "the same, but nobody asked for it, and it is not needed" >&2
TMPDIR=nowhere "$WORDMILL" count -m 256M in | wc -l
echo "and when it is" >&2
TMPDIR=nowhere run
# shellcheck disable=SC3045
if ulimit -f 4000 2>/dev/null; then
    echo "files may not be large" >&2
    mkdir folder
    for workers in 0 1 2; do
        run -j "$workers" --spill-dir folder
    done
    rmdir folder
fi
rm in
