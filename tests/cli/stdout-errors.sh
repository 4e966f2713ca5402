#!/bin/sh
# Standard output that is closed, full, or a pipe that nobody reads any more.
run() {
    "$WORDMILL" count "$@"
    echo "exit $?" >&2
}
printf 'a\t2000\t1\t1\n' >f
run f >&-
run -j 0 f >&-
run f >/dev/full
run -j 0 f >/dev/full
echo "not used" >&2
run -o out.tsv f >&-
cat out.tsv
run -o out.tsv f >/dev/full
cat out.tsv
run nothing >&-
rm f out.tsv

echo "a pipe that nobody reads any more" >&2
"$GENERATE" --lines 100000 --words 100000 >f
for workers in 0 1 2; do
    # The shell's own word for SIGPIPE, if it has one, goes to /dev/null.
    (
        sh -c 'exec "$WORDMILL" count -j "$1" f 2>message' sh "$workers"
        echo "exit $?" >>message
    ) 2>/dev/null | head -n 1 >/dev/null
    cat message >&2
done
(
    trap '' PIPE
    {
        run f 2>message
        cat message >&2
    } | head -n 1 >/dev/null
)
rm f message
