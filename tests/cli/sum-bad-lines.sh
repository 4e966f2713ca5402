#!/bin/sh
# Bad lines of results, and sums over 64 bits, are what they are to count.
run() {
    printf "$1" >in
    shift
    for options in "-j 0" "-j 2"; do
        "$WORDMILL" sum $options "$@" -o out.tsv in 2>>messages
        status=$?
    done
    uniq messages >&2
    echo "exit $status" >&2
    rm messages
}
run 'a\t1\nb\n'
run 'a\t1\nb\t\n'
run 'a\t1\n\nb\t1\n'
run 'a\t1\nb 1\n'
run 'a\t1\nb\t-1\n'
run 'a\t1\nb\t1.5\n'
run 'a\t1\nb\t18446744073709551616\n'
run 'a\t1\nb\t18446744073709551615\nb\t1\n'
run 'a\t1\nb\nc\tx\n' --on-bad-line skip --rejects bad.tsv
cat bad.tsv out.tsv
"$WORDMILL" sum no-such-file
echo "exit $?" >&2
"$WORDMILL" sum --partition-size 3 in
echo "exit $?" >&2
rm in out.tsv bad.tsv
