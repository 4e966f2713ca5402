#!/bin/sh
# The sample equals what awk and sort make of it.
tab=$(printf '\t')
awk -F'\t' '{ sum[$1] += $3 } END { for (w in sum) printf "%s\t%.0f\n", w, sum[w] }' "$SAMPLE" |
    sort -t "$tab" -k 1,1 >expected
"$WORDMILL" count "$SAMPLE" >counts
cmp expected counts && wc -l <counts
rm expected counts
