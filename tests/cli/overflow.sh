#!/bin/sh
# A sum over 64 bits fails the run and names the word, wherever the sum is made.
run() {
    for options in "-j 0" "-j 2 -p 1" "--partition-lines 2 -r 2" "-n 1 -p 1"; do
        "$WORDMILL" count $options "$@" -o out.tsv in 2>>messages || status=$?
        cat in | "$WORDMILL" count $options "$@" 2>>messages
    done
    uniq messages >&2
    echo "exit $status" >&2
    rm messages
}
printf 'a\t1\t1\t1\nbig\t1\t18446744073709551615\t1\nz\t1\t1\t1\nbig\t1\t1\t1\n' >in
run
run -w big -w a
echo "the other words"
"$WORDMILL" count -w a -w z in
printf 'big\t1\t9223372036854775808\t1\nbig\t1\t9223372036854775808\t1\n' >in
run
awk 'BEGIN { for (i = 0; i < 99; i++) print "big\t1\t999999999999999999\t1" }' >in
run
printf 'a\000\t1\t18446744073709551615\t1\na\000\t1\t1\t1\n' >in
run
rm in
