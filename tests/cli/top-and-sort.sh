#!/bin/sh
# -n takes the first in sort order: by count, equal counts by word, unless -s says otherwise.
tab=$(printf '\t')
printf 'd\t1\t5\t1\nb\t1\t5\t1\na\t1\t2\t1\nc\t1\t9\t1\nB\t1\t5\t1\n' >f
for options in "-n 1" "-n 3" "-n 99" "-n 2 -s word" "-s count" "-s word" "-n 2 -s count -p 1"; do
    echo "$options"
    "$WORDMILL" count $options f
done
echo "-s none, sorted"
"$WORDMILL" count -s none f | sort

"$WORDMILL" count "$SAMPLE" >words
sort -t "$tab" -k 2,2nr -k 1,1 words >counts
"$WORDMILL" count -s count "$SAMPLE" | cmp - counts
"$WORDMILL" count -s none "$SAMPLE" | sort -t "$tab" -k 1,1 | cmp - words
for n in 1 7 399 400 401 18446744073709551615; do
    for workers in 0 1 2 7; do
        head -n "${n%????????????????}" counts >expected
        "$WORDMILL" count -q -n "$n" -j "$workers" -p 4K "$SAMPLE" | cmp - expected
        head -n "${n%????????????????}" words >expected
        "$WORDMILL" count -q -n "$n" -s word -j "$workers" -p 4K "$SAMPLE" | cmp - expected
    done
done
rm f words counts expected
