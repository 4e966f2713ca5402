#!/bin/sh
# A real file with CRLF, and one in the v1 format with a field more; neither ends with a newline.
[ -d "$DATA/v1" ] || exit 77
tab=$(printf '\t')
for file in "$DATA/v2/q-words.crlf.csv" "$DATA"/v1/*.tsv; do
    awk -F'\t' '{ sum[$1] += $3 } END { for (w in sum) printf "%s\t%.0f\n", w, sum[w] }' "$file" |
        sort -t "$tab" -k 1,1 >expected
    "$WORDMILL" count "$file" | cmp - expected && wc -l <expected
    "$WORDMILL" count -p 100 <"$file" | cmp - expected
done
rm expected
