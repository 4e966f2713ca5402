#!/bin/sh
# On a terminal a bar is drawn, and no FILE is wrong usage.
script -qec true /dev/null </dev/null >/dev/null 2>&1 || exit 77
"$GENERATE" --lines 20000 >in
"$WORDMILL" count in >expected
export bar='100% \[=*\] '

script -qec '"$WORDMILL" count -o out.tsv in' /dev/null </dev/null | grep -c "$bar"
cmp out.tsv expected
echo "none is drawn"
script -qec '"$WORDMILL" count -q -o out.tsv in' /dev/null </dev/null
script -qec '"$WORDMILL" count --progress=none -o out.tsv in' /dev/null </dev/null
script -qec '"$WORDMILL" count -o out.tsv in 2>message; cat message' /dev/null </dev/null
echo "no FILE"
script -qec '"$WORDMILL" count' /dev/null </dev/null
echo "exit $?"
rm in expected out.tsv message
