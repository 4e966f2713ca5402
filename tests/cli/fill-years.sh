#!/bin/sh
# --fill-years: a line with 0 for each year or decade in which a word has none.
tab=$(printf '\t')
printf 'war\t1914\t10\t1\nwar\t1916\t20\t1\npeace\t1918\t3\t1\n' >f
printf ' \t1914,1000,1,1\t1915,2000,1,1\t1916,4000,1,1\t1917,1000,1,1' >t
for options in "" "--years 1914-1917" "--years 1913- -w war" "--years -1917 -w war -w nosuch" \
    "--years 1914-1917 -w war -w nosuch" "-w nosuch" "--years 1920-1921 -w nosuch" "--years 1920- -w nosuch" \
    "--years 1914-1917 -w war --totals t" "-w peace -w nosuch --rank" "--top-per 1 --rank" "-s count -n 3" \
    "--years 1914-1915 -O csv" "--years 1914-1915 -O jsonl" "--fold-case=dominant -w WAR --years 1913-1916" \
    "--match ^p"; do
    echo "$options"
    # shellcheck disable=SC2086
    "$WORDMILL" count --by year --fill-years $options f
done
echo "decades"
printf 'war\t999\t10\t1\nwar\t1016\t20\t1\n' >f
"$WORDMILL" count --by decade --fill-years f
"$WORDMILL" count --by decade --fill-years --years 985-1005 -w x f
echo "nothing" && "$WORDMILL" count --by year --fill-years </dev/null

# Against mawk.
"$GENERATE" --lines 200000 --seed 7 >g
"$WORDMILL" count -q --by decade g | mawk -F "$tab" '{ n[$1, $2] = $3; word[$1] = 1; if (!min || $2 < min) min = $2
        if ($2 > max) max = $2 } END { OFS = FS; for (w in word) for (y = min; y <= max; y += 10)
            print w, y, n[w, y] + 0 }' | sort >expected
for options in "-j 0" "-j 1 -p 100K" "-j 2 -p 1M -m 6M" "-j 3 -r 2"; do
    # shellcheck disable=SC2086
    "$WORDMILL" count -q $options --by decade --fill-years g | cmp - expected
done
sort -t "$tab" -k 3,3nr -k 1,2 expected | head -n 5000 >most
"$WORDMILL" count -q --by decade --fill-years -n 5000 g | cmp - most

# More lines than are handed on at a time, of which some were there.
{
    seq 1 5000 | mawk '{ print "a\t" $1 "\t1\t1" }'
    printf 'b\t9999\t2\t1\nc\t1\t3\t1\nd\t1\t4\t1\n'
} >f
"$WORDMILL" count --by year f | mawk -F "$tab" '{ n[$1, $2] = $3; word[$1] = 1 }
    END { OFS = FS; for (w in word) for (y = 1; y <= 9999; y++) print w, y, n[w, y] + 0 }' | sort >expected
for options in "-j 0" "-j 2" "-j 1 -p 1K -r 2"; do
    # shellcheck disable=SC2086
    "$WORDMILL" count $options --by year --fill-years f | cmp - expected
done

printf 'war\t5\t1\t1\nwar\t1999999\t1\t1\n' >f
for options in "--by year" "--by year --years 1-10001" "--by decade --years 1-" "" "--by year --min-count 2"; do
    # shellcheck disable=SC2086
    "$WORDMILL" count --fill-years $options f
    echo "exit $?" >&2
done
rm f t g most expected
