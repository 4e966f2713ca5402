#!/bin/sh
# --top-per K: the K commonest of each year or decade, in the order of years. With --by, ranks are
# within each of them.
tab=$(printf '\t')
printf 'war\t1914\t10\t1\npeace\t1914\t4\t1\nwar\t1920\t2\t1\npeace\t1920\t5\t1\nold\t999\t1\t1\nsame\t1920\t5\t1\n' >f
for options in "--by year --top-per 1" "--by year --top-per 2 --rank" "--by decade --top-per 1" \
    "--by year --top-per 1 -s word" "--by year --top-per 2 -s count" "--by year --rank" \
    "--by year --rank -n 2" "--by year --rank --top-per 1 -w war -w old" "--by year --top-per 1 -w war" \
    "--by decade --rank -O csv" "--by year --rank --top-per 1 -O jsonl" "--by year --rank --years 1914-1919"; do
    echo "$options"
    # shellcheck disable=SC2086
    "$WORDMILL" count $options f
done
"$WORDMILL" count --by year --top-per 1 -s word -o f.wmt f
"$WORDMILL" query f.wmt --prefix ''
echo "nothing" && "$WORDMILL" count --by year --top-per 3 --rank </dev/null

# Against sort and mawk; sums of doubles are exact here.
"$GENERATE" --lines 200000 --seed 7 >g
"$WORDMILL" count --by year g | sort -t "$tab" -k 2,2n -k 3,3nr -k 1,1 |
    mawk -F "$tab" '{ word[NR] = $1; year[NR] = $2; n[NR] = $3; sum[$2] += $3 }
        END { for (i = 1; i <= NR; i++) { y = year[i]; rank[y]++; here[y] += n[i]
            if (rank[y] <= 5) printf "%s\t%s\t%s\t%d\t%.6f\t%.6f\n", word[i], y, n[i], rank[y],
                100 * n[i] / sum[y], 100 * here[y] / sum[y] } }' >expected
wc -l <expected
for options in "-j 0" "-j 1 -p 100K" "-j 2 -p 1M -m 6M" "-j 3 -r 2"; do
    # shellcheck disable=SC2086
    "$WORDMILL" count -q $options --by year --rank --top-per 5 g | cmp - expected
    # shellcheck disable=SC2086
    "$WORDMILL" count -q $options --by year --top-per 5 g >got
    cut -f 1-3 expected | cmp - got
done

for options in "--top-per 1" "--by year --top-per 0" "--by year --top-per 1 -n 1" "--by year --top-per 1 -O table"; do
    # shellcheck disable=SC2086
    "$WORDMILL" count $options f
    echo "exit $?" >&2
done
rm f f.wmt g got expected
