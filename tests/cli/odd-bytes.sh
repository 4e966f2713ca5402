#!/bin/sh
# What a line may hold, and how a file may end.
check() {
    echo "$1"
    for options in "-j 0" "-j 2 -p 1" "-j 2 -p 3" "--partition-lines 1"; do
        "$WORDMILL" count $options in >got || echo "exit $?, $options"
        cmp got expected
        cat in | "$WORDMILL" count $options | cmp - expected
    done
}
: >in
: >expected
check "no byte"
printf 'a\t2000\t7\t1' >in
printf 'a\t7\n' >expected
check "no newline at the end"
printf 'a\t2000\t7\t1\n\n' >in
check "an empty line at the end"
printf 'a\t2000\t3\t1\r\na\t2000\t4\t1\r\n' >in
check "CRLF"
printf 'a\t2000\t3\t1\r\na\t2000\t4\t1\r\n\r\n' >in
check "CRLF and an empty line at the end"
printf 'a\t2000\t3\t1\r\na\t2000\t4\t1' >in
check "CRLF, no newline at the end"
printf '\n' >in
: >expected
check "nothing but an empty line"
printf 'a\000b\t2000\t1\t1\na\t2000\t2\t1\na\000b\t2000\t3\t1\na\000c\t2000\t4\t1\n' >in
printf 'a\t2\na\000b\t4\na\000c\t4\n' >expected
check "NUL in words"
printf 'b\t1\t1\t1\na\t1\t2\t1\nb\t1\t4\t1\na\t1\t8\t1\nb\t1\t16\t1\n' >in
printf 'a\t10\nb\t21\n' >expected
check "words that come back"
printf 'Aardvark\t1\t1\t1\nAardvark\t2\t2\t1\nAardwolf\t1\t4\t1\nAardwolf\t2\t8\t1\n' >in
printf 'Aardvark\t3\nAardwolf\t12\n' >expected
check "partitions that begin inside words"
printf '\377\t1\t1\t1\n\303\251\t1\t2\t1\nz\t1\t3\t1\n"\\\r,\t1\t4\t1\n \t1\t5\t1\n' >in
printf ' \t5\n"\\\r,\t4\nz\t3\n\303\251\t2\n\377\t1\n' >expected
check "any byte but TAB and LF"
printf 'a\t2000\t18446744073709551615\t1\na\t2000\t0000000000000000000000\tx\ty\t\t\n' >in
printf 'a\t18446744073709551615\n' >expected
check "64 bits, leading zeros, more fields"
echo "an empty line at the end of each of two files"
printf 'a\t2000\t3\t1\n\n' >in
"$WORDMILL" count in in
rm in got expected
