#!/bin/sh
# The heads of 13 real letter files equal their known sums, whole and in small pieces.
[ -d "$DATA/v2" ] || exit 77
cut -f 1,2 "$DATA/v2/expected.a-m.word-matches-volumes.tsv" >expected
for options in "-j 2" "-j 0" "-p 4K" "--partition-lines 1000 -r 2"; do
    "$WORDMILL" count $options "$DATA"/v2/*.head10000.tsv | cmp - expected && echo "equal: $options"
done
cat "$DATA"/v2/*.head10000.tsv | "$WORDMILL" count | cmp - expected && echo "equal: a pipe"
rm expected
