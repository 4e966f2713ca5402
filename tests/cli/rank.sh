#!/bin/sh
# --rank adds rank, percent and cumulative percent, of all words that count, in any sort order. A
# word that is asked for has its rank among all.
tab=$(printf '\t')
printf 'cat\t1999\t3\t1\nbee\t2000\t40\t1\nAnt\t2000\t1\t1\ncat\t2001\t1\t1\ncow\t2001\t4\t1\nzero\t1\t0\t1\n' >f
printf '2000,997,10,1 1999,1,0,0 2001,1,0,0 1,1,0,0' >t
for options in "" "-s count" "-n 2" "-n 2 -s word" "--min-count 4" "--match a" "-w cow -w cat -w dog" \
    "-w cat --match a" "-w bee -w cow -n 1" "-w cow --min-count 9" "--totals t -n 1" "--fold-case -w ANT"; do
    echo "--rank $options"
    "$WORDMILL" count --rank $options f
done
echo "nothing, and only zeros"
"$WORDMILL" count --rank </dev/null
"$WORDMILL" count --rank --match zero f
printf 'a\t5\nb\t15\n' | "$WORDMILL" sum --rank

# Against sort and mawk; sums of doubles are exact here.
"$GENERATE" --lines 300000 --seed 7 >g
"$WORDMILL" count g >words
sort -t "$tab" -k 2,2nr -k 1,1 words |
    mawk -F "$tab" '{ word[NR] = $1; n[NR] = $2; sum += $2 }
        END { for (i = 1; i <= NR; i++) { here += n[i]
            printf "%s\t%s\t%d\t%.6f\t%.6f\n", word[i], n[i], i, 100 * n[i] / sum, 100 * here / sum } }' >counts
sort -t "$tab" -k 1,1 counts >words
wc -l <words
for options in "-j 0" "-j 1 -p 100K" "-j 2 -p 1M -m 6M" "-j 3 -r 2"; do
    "$WORDMILL" count -q $options --rank g | cmp - words
    "$WORDMILL" count -q $options --rank -s count g | cmp - counts
    "$WORDMILL" count -q $options --rank -s none g | sort -t "$tab" -k 1,1 | cmp - words
    head -n 1000 words >expected
    "$WORDMILL" count -q $options --rank -s word -n 1000 g | cmp - expected
    head -n 1000 counts >expected
    "$WORDMILL" count -q $options --rank -n 1000 g | cmp - expected
    mawk 'NR % 777 == 1' words >expected
    # shellcheck disable=SC2046
    "$WORDMILL" count -q $options --rank $(cut -f 1 expected | sed 's/^/-w /') g | cmp - expected
done
rm f t g words counts expected
