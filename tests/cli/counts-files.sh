#!/bin/sh
# The counts of words are added up within a file, across files, and twice if a file comes twice.
printf 'cat\t1999\t3\t1\ncat\t2000\t4\t1\nAnt\t2000\t1\t1\n' >one
printf 'cat\t2001\t10\t2\nbee\t1900\t0\t1\n' >two

"$WORDMILL" count one
echo "two files"
"$WORDMILL" count one two
echo "a file twice, options behind it"
"$WORDMILL" count one one -j 1
echo "a name like an option"
mv two ./-n
"$WORDMILL" count -- -n one

rm one ./-n
