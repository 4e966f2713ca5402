#!/bin/sh
# The same words as TSV, CSV and JSON lines, from a job, from a merge, with any number of workers.
printf 'plain\t2\ncomma,\t1\nquo"te\t18446744073709551615\nback\\slash\t3\n\t0\ntab\tin it\t4\n' >in
printf 'caf\303\251\t5\nbad\377\303(\t6\nend\303\t7\n\355\240\200surrogate\t8\ncr\rin\t9\n\001\037\177\t10\n' >>in
printf '\360\237\230\200\364\220\200\200\300\200\t11\n' >>in
"$WORDMILL" sum in >sorted
for format in tsv csv jsonl; do
    echo "== $format"
    "$WORDMILL" sum -O $format in >out
    cat -v out
    for options in "-j 0" "-j 3 -m 8M" "--sorted"; do
        "$WORDMILL" sum $options --output-format $format -q sorted | cmp - out
    done
done
echo "== no words"
"$WORDMILL" count -O csv -o out /dev/null && cat out
"$WORDMILL" count -O jsonl /dev/null
echo "== totals"
printf '\t1999,4000000,1,1\t\n' >totals
"$WORDMILL" sum -O csv --totals totals -n 1 -w plain in
"$WORDMILL" sum -O jsonl --totals totals -n 1 -w plain in
echo "== a long word"
awk 'BEGIN { for (i = 0; i < 65536; i++) printf "\""; print "\t1" }' >in
for options in "-j 0 -m 4M" "--sorted"; do
    "$WORDMILL" sum $options -O csv in | wc -c | tr -d ' '
    "$WORDMILL" sum $options -O jsonl in | wc -c | tr -d ' '
done
awk 'BEGIN { for (i = 0; i < 65536; i++) printf "\001"; print "\t1" }' | "$WORDMILL" sum -O jsonl | wc -c | tr -d ' '
"$WORDMILL" count -O xml in
echo "exit $?"
rm out sorted totals
printf 'a\t1999\t5\t1\n"a"\t2001\t7\t1\n' >in
for format in tsv csv jsonl; do
    "$WORDMILL" count --by decade --rank -O $format in
done
rm in
