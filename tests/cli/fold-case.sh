#!/bin/sh
# --fold-case merges spellings that differ in case: in lower case, or as the commonest of them.
tab=$(printf '\t')
{
    printf 'The\t1999\t3\t1\nthe\t2000\t40\t1\nTHE\t2001\t1\t1\nThe\t2001\t30\t1\nthe\t2001\t1\t1\n'
    printf 'X\t1\t2\t1\nx\t1\t2\t1\nDNA\t1\t9\t1\ndna\t1\t1\t1\nRun_VERB\t1\t1\t1\nrun_VERB\t1\t2\t1\nRUN\t1\t9\t1\n'
    printf '\303\211t\303\251\t1\t5\t1\n\303\251t\303\251\t1\t6\t1\nbad\377\t1\t1\t1\nBad\377\t1\t2\t1\n'
} >f
for options in --fold-case --fold-case=dominant "--fold-case=dominant -s count -n 3" \
    "--fold-case -w DNA -w Cat" "--fold-case=dominant -w Dna -w Cat" "--fold-case --match ^[a-z]+\$" \
    "--fold-case=dominant --match ^t" "--fold-case --strip-pos --pos all" "--fold-case=dominant --pos VERB" \
    "--fold-case=dominant --strip-pos --pos all --min-count 10" "--fold-case --min-count 11"; do
    echo "$options"
    "$WORDMILL" count -q $options f
done
echo "letters of any script, tags, and what is no word"
printf '%s\t1\t1\t1\n' ΟΔΟΣ οδος Οδοσ ſun SUN STRASSE Straße STRAẞE I i İ ı K k Burnt_VERB BURNT_VERB \
    _VERB_ _START_ '_START_ The_DET' 'A_NOUN=>B' W_HAT >f
"$WORDMILL" count --fold-case f
"$WORDMILL" count --fold-case=upper f
echo "exit $?" >&2

# Against mawk, which knows ASCII, as the sample does.
"$WORDMILL" count "$SAMPLE" >words
# Tags keep their case.
fold='function fold(w, tag) {
    if (!match(w, /._(NOUN|VERB|ADJ|ADV|PRON|DET|ADP|NUM|CONJ|PRT|X|[.])$/)) return tolower(w)
    return tolower(substr(w, 1, RSTART)) substr(w, RSTART + 1)
}'
mawk -F "$tab" "$fold"'{ n[fold($1)] += $2 } END { for (w in n) print w FS n[w] }' words |
    sort -t "$tab" -k 1,1 >lower
mawk -F "$tab" "$fold"'{ w = fold($1); n[w] += $2 }
    !(w in most) || $2 > most[w] || ($2 == most[w] && $1 < best[w]) { most[w] = $2; best[w] = $1 }
    END { for (w in n) print best[w] FS n[w] }' words | sort -t "$tab" -k 1,1 >dominant
wc -l <lower
# The commonest spelling is that of all years.
mawk -F "$tab" "$fold"'NR == FNR { best[fold($1)] = $1; next }
    { n[best[fold($1)] FS $2 - $2 % 10] += $3 } END { for (key in n) print key FS n[key] }' \
    dominant "$SAMPLE" | sort -t "$tab" -k 1,1 -k 2,2 >decades
for options in "-j 0" "-j 1 -p 1K" "-j 2 -p 3K -r 2" "-j 3 --partition-lines 100"; do
    "$WORDMILL" count $options --fold-case "$SAMPLE" | cmp - lower
    "$WORDMILL" count $options --fold-case=dominant "$SAMPLE" | cmp - dominant
    "$WORDMILL" count $options --fold-case=dominant --by decade "$SAMPLE" | cmp - decades
done
rm f words lower dominant decades
