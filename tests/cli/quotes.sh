#!/bin/sh
# Fields in quotes, and CSV that was written here read again.
printf '%s\t1990\t%s\t1\n' 'plain' 1 'Smith, John' 2 '"' 3 '""' 4 'say "a, b"' 5 ',' 6 '"a"b' 7 >in
"$WORDMILL" count in >expected
"$WORDMILL" count -O csv in >csv
cat csv
read_again() {
    "$WORDMILL" count --format columns --delimiter , --value-column 2 --quote '"' --header "$@" csv | cmp - expected
    "$WORDMILL" sum csv | cmp - expected
    cat csv | "$WORDMILL" sum "$@" | cmp - expected
}
read_again
read_again -j 0
"$WORDMILL" sum csv csv expected | tail -n 1
"$WORDMILL" count --by year -O csv in | "$WORDMILL" sum --by year | head -n 2
"$WORDMILL" count -O csv "$SAMPLE" >csv
"$WORDMILL" count "$SAMPLE" >expected
for options in "-j 0" "-j 2 -p 1000" "-p 1" "--partition-lines 100"; do
    # shellcheck disable=SC2086
    "$WORDMILL" count --format columns --delimiter , --value-column 2 --quote '"' --header $options csv | cmp - expected
done
"$WORDMILL" sum csv | cmp - expected
echo "bad lines"
columns() {
    printf "$1\\n" | "$WORDMILL" count --format columns --delimiter , --value-column 2 --quote "'"
}
columns "a,1\n'b,2"
columns "a,1\n'b'c,2"
columns "a,1\n'b\nc',2"
columns "a,1\n'b'"
columns "a,1\n'b','x'"
columns "'','1'\n'''',2\na'b,3\n'c,d',4,'unended"
printf 'word,count\na,1\nb,c,d,2\n' | "$WORDMILL" sum
printf 'word,count\na,1\n"b,2\n' | "$WORDMILL" sum
printf 'word,count\na,1\nb\n' | "$WORDMILL" sum
printf 'word,count\na,1\n' | "$WORDMILL" sum --sorted
"$WORDMILL" count --format columns --delimiter '"' --quote '"' in
"$WORDMILL" count --quote '"' in
rm -- *
