#!/bin/sh
# --on-bad-line=skip counts the rest, says how many lines were skipped, and ends with 3.
run() {
    "$WORDMILL" count --on-bad-line=skip "$@"
    echo "exit $?" >&2
}
printf 'a\t2000\t1\t1\nbad\nb\t2000\t2\t1\n' >one
printf 'x\nb\tx\t1\t1\na\t2000\t4\t1\nb\t1\tx\t1\n\ny' >five
printf 'a\t2000\t1\t1\n\n' >none
run one
run five
run one five
cat five | run
run -q one
run none
run --rejects rejects none
wc -c <rejects
run -o out.tsv --rejects rejects one five
cat out.tsv rejects
rm one five none out.tsv rejects
