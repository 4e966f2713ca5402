#!/bin/sh
# A line from a pipe that has no room beside the runs: they are moved to the spill file.
"$GENERATE" --lines 300000 --words 300000 >words
{
    cat words
    printf 'b\t2000\t2\t'
    head -c 5000000 /dev/zero | tr '\0' x
    printf '\n'
    head -n 100000 words
} >in
"$WORDMILL" count -j 0 -m 256M in >expected
for options in "-j 0 -m 16M" "-j 2 -m 28M"; do
    cat in | "$WORDMILL" count $options | cmp - expected && echo "$options"
done
echo "and one that has no room at all"
cat in | "$WORDMILL" count -j 2 -m 4M -o out.tsv
echo "exit $?"
rm words in expected
