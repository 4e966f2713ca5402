#!/bin/sh
# Files of two releases, or of one release twice, hold the same books: one line of warning.
v1() { printf 'a\t1990\t1\t1\t1\n' >"$1"; }
v2() { printf 'a\t1990\t1\t1\n' >"$1"; }
v3() { printf 'a\t1990,1,1\n' >"$1"; }
v1 googlebooks-eng-all-1gram-20090715-0.csv
v2 googlebooks-eng-all-1gram-20120701-a
v2 googlebooks-eng-all-1gram-20120701-b
v3 1-00000-of-00024
v2 mine
v1 1
gzip -c mine >googlebooks-eng-all-1gram-20120701-a.gz
try() {
    echo "$*" >&2
    "$WORDMILL" count --stats stats "$@"
    sed -n 's/.*"warnings": //p' stats
}
try googlebooks-eng-all-1gram-20120701-a googlebooks-eng-all-1gram-20120701-b mine
try googlebooks-eng-all-1gram-20120701-a googlebooks-eng-all-1gram-20120701-a.gz
try googlebooks-eng-all-1gram-20120701-a googlebooks-eng-all-1gram-20090715-0.csv
try mine 1-00000-of-00024
try 1 1-00000-of-00024
try 1 1-00000-of-00024 googlebooks-eng-all-1gram-20120701-a
try mine mine
try -q mine 1
cat mine | try - 1
if command -v zip >/dev/null; then
    zip -q all.zip goo*
    rm goo*
    "$WORDMILL" count all.zip 2>&1 | sort
else
    printf '%s\n' 'a	4' 'wordmill: by its name, a file of a release is among the inputs twice: its books were counted twice' \
        'wordmill: the inputs are of the releases of 2009 and 2012, which hold the same books: these were counted more than once'
fi
rm -f -- *
