#!/bin/sh
# --totals adds the share per million words, of the sum of a total-count file.
tab=$(printf '\t')
printf 'cat\t1999\t3\t1\nbee\t2000\t40\t1\ncat\t2001\t1\t1\n' >f
printf ' \t1999,1000,10,1\t2000,2000,20,2\t2001,4000,30,3\t' >t
"$WORDMILL" count --totals t f
"$WORDMILL" count --totals t -s count -w bee -w cow -j 0 f
echo "the edition of 2009, CRLF"
printf '1999\t1000\t10\t1\r\n2000\t2000\t20\t2\r\n2001\t4000\t30\t3\r\n' >t2
"$WORDMILL" count --totals t2 f

echo "of the same years, and of the same kind"
printf 'cat\t1999\t3\t1\ncat\t2000\t40\t5\ncat\t2001\t1\t1\ncat\t2010\t7\t7\n' >f
printf '2001,4000,30,3 2000,2000,20,2 1999,1000,10,1 2010,7000,7,7' >t
for options in "--years 1999-2000" "--years 2000-" "--by year" "--by decade" "--by year --years -2000 --rank" \
    "--value volumes" "--value volumes --by decade" "--value volumes --by year --fold-case=dominant"; do
    echo "$options"
    "$WORDMILL" count --totals t $options f
done
"$WORDMILL" count --totals t --value records f
echo "exit $?" >&2
"$WORDMILL" count --totals t --years 1800-1900 f
echo "exit $?" >&2

# Halves would be rounded to even by printf; there are none here.
{ printf '2000,1234567583,1,1'; seq -f ' %g,1,0,0' 1700 1999; seq -f ' %g,1,0,0' 2001 2008; } >t
"$WORDMILL" count "$SAMPLE" | mawk -F "$tab" '{ printf "%s\t%s\t%.6f\n", $1, $2, $2 * 1e6 / 1234567891 }' >expected
for workers in 0 1 2; do
    "$WORDMILL" count -q --totals t -j $workers -p 5K "$SAMPLE" | cmp - expected
done

for text in '' '1999,5,1' '1999,0,1,1' 'x,1,1,1' '1999,1,1,1,1' '1999,1,1,1 2000,1,1,1;' '1999 1 1 1' \
    '1,18446744073709551615,1,1 2,1,1,1' '1,18446744073709551616,1,1'; do
    printf '%s' "$text" >t
    "$WORDMILL" count --totals t f
    echo "exit $?" >&2
done
for file in no-such-file . /dev/zero; do
    "$WORDMILL" count --totals $file f
    echo "exit $?" >&2
done
rm f t t2 expected
