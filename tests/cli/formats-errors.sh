#!/bin/sh
# What a format has not got, bad lines of each, and what auto makes of odd files.
try() {
    "$WORDMILL" count "$@"
    echo "exit $?" >&2
}
printf 'a\t1999\t2\t3\n' >v2
printf 'a b\t1999,2,3\t2000,4,5\n' >v3
printf 'to be or not to be\n' >text
try --value pages v2
try --value pages v3
try --years 1900- text
try --by year -f columns v2
try -f text --by year /dev/null
try --value volumes text
cat text | try --by year
try -f v4 v2
try --key-column 2 v2
try --delimiter ,, -f columns v2
try --years 1900-1800 v2
try --years x v2
try --years - v2
try --value lines v2
try --by month v2
try -f v1 --value volumes v2
try -f v3 v2
for line in 'a' 'a\t' 'a\t1999' 'a\t1999,1' 'a\t1999,1,2\t' 'a\t1999,1,2\tx,1,2' 'a\t1999,-1,2' 'a\t199x,1,2'; do
    printf "$line\\n" | try -f v3
done
for line in 'a\tb' 'a\tb\tx' 'a\tb\t'; do
    printf "$line\\n" | try -f columns
done
echo "auto" >&2
"$WORDMILL" count -v v2 v3 2>&1 | grep -E 'formats|	'
"$WORDMILL" count -v text 2>&1 | grep -E 'formats|	'
printf 'word\n' | try
printf 'a\001b c\n' | try
printf 'no blank\n' | try
printf 'a\t1999\t2\t3' | try
: | try
rm v2 v3 text
