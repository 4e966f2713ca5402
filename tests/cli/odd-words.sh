#!/bin/sh
# What readers of these files trip over, in every release: quotes, backslashes, underscores that
# begin no tag, commas, CRLF, no LF at the end, words that come back in the middle of the file.
cat >v2 <<'END'
"	1990	1	1
"open	1990	2	1
it's	1990	3	1
back\slash	1990	4	1
\t	1990	5	1
W_hat	1990	6	1
AFFECTS_	1990	7	1
1,000	1990	8	1
run_VERB	1990	9	1
zebra	1990	10	1
"	1991	100	2
"open	1991	200	2
W_hat	1991	300	2
W_hat	1991	300	2
1,000	1999	400	2
END
printf ',\t1999\t1000\t3\nzebra\t1999\t2000\t3\na b, c\t1999\t3000\t3' >>v2
# The fields of v1, and of each v2 line one of v3.
awk -F '\t' '{ printf "%s%s\t%s\t%s\t%s\t%s", (NR > 1 ? "\n" : ""), $1, $2, $3, $3 + 1, $4 }' v2 >v1
awk -F '\t' '{ printf "%s%s\t%s,%s,%s", (NR > 1 ? "\n" : ""), $1, $2, $3, $4 }' v2 >v3
for file in v1 v2 v3; do
    sed 's/$/\r/' $file >$file.crlf
    for input in $file $file.crlf; do
        for options in "-j 0" "-j 2 -p 1" "-j 2 --partition-lines 2"; do
            "$WORDMILL" count $options $input >out
            cmp -s out before || cat out
            cp out before
            "$WORDMILL" count $options --value volumes --by year $input >out
            cmp -s out before.years || cat out
            cp out before.years
        done
        "$WORDMILL" count -v $input 2>&1 >out | sed -n 's/^formats *//p'
    done
done
echo "tags"
"$WORDMILL" count --pos tagged v3
"$WORDMILL" count --strip-pos --pos all -w run -w W_hat -w AFFECTS_ -w W v1
echo "quoted only where the output is CSV or JSON"
"$WORDMILL" count -O csv v3.crlf
"$WORDMILL" count -O jsonl v1
rm v[123] v[123].crlf out before before.years
