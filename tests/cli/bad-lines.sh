#!/bin/sh
# Every kind of bad line fails the run with one line that says which, where, why, and the way out.
run() {
    printf "$1" >in
    for options in "-j 0" "-j 2" "-p 1"; do
        "$WORDMILL" count $options -o out.tsv in 2>message
        status=$?
        cat message >>messages
    done
    uniq messages >&2
    echo "exit $status" >&2
    rm messages message
}
good='a\t2000\t1\t1\n'
run "$good"'b'
run "$good"'b\n'"$good"
run "$good"'b\t2000\n'
run "$good"'b\t2000\t1\n'
run "$good"'\n'"$good"
run "$good"'\r\n'"$good"
run "$good"'\n\n'
run "$good"'b\ttwenty\t1\t1\n'
run "$good"'b\t\t1\t1\n'
run "$good"'b\t-1\t1\t1\n'
run "$good"'b\t 2000\t1\t1\n'
run "$good"'a\t200O\t1\t1\n'
run "$good"'b\t2000\tx\t1\n'
run "$good"'b\t2000\t\t1\n'
run "$good"'b\t2000\t-1\t1\n'
run "$good"'b\t2000\t+1\t1\n'
run "$good"'a\t2000\t1 \t1\n'
run "$good"'a\t2000\t1.5\t1\n'
run "$good"'a\t2000\t18446744073709551616\t1\n'
run "$good"'a\t2000\t99999999999999999999999999\t1\n'
run "$good"'a\033[31m\t\177\001\000\t1\t1\n'
run "$good"'a\t1234567890123456789012345678901234567890123456789012345678901234567890\t1\t1\n'
rm in
