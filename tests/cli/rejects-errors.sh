#!/bin/sh
# Rejects that cannot be written fail the run, and no output is left.
run() {
    "$WORDMILL" count --on-bad-line=skip -o out.tsv "$@"
    echo "exit $?" >&2
}
printf 'a\t2000\t1\t1\nbad\n' >in
echo old >out.tsv
mkdir folder
run --rejects /dev/full in
run --rejects folder in
run --rejects nowhere/rejects in
cat out.tsv
echo old >rejects
run --rejects rejects nothing
cat rejects
rm -r in out.tsv rejects folder
