#!/bin/sh
# --max-rejects: so many bad lines are skipped; of more than that the first is named, however they
# are cut.
"$GENERATE" --lines 3000 --seed 5 >good
sed -e '500s/.*/bad/' -e '1700s/$/ /;1700s/\t/\tx/' -e '2900s/.*/w\t2000\t-1\t1/' good >f
for n in 0 1 2 3 4; do
    "$WORDMILL" count --on-bad-line skip --max-rejects $n -q -o out f
    echo "$n: exit $?"
    rm -f out
done
"$WORDMILL" count --on-bad-line skip --max-rejects 2 f 2>expected
for options in "-j 0 -p 1" "-j 1 -p 100" "-j 2 -p 700" "-j 3 -p 20K" "-j 2 --partition-lines 7" "-j 2 --rejects r"; do
    "$WORDMILL" count --on-bad-line skip --max-rejects 2 $options f 2>&1 | cmp - expected
done
cat f | "$WORDMILL" count --on-bad-line skip --max-rejects 2 -p 500
echo "exit $?"
"$WORDMILL" count --on-bad-line skip --max-rejects 5 -q good f good f good >/dev/null
echo "exit $?"
printf 'a\t1\nb\nc\t2\nd\n' | "$WORDMILL" sum --on-bad-line skip --max-rejects 1
printf 'a\t1\nb\nc\t2\nd\n' | "$WORDMILL" sum --on-bad-line skip --max-rejects 1 --sorted
printf 'a\t1\nb\nc\t2\nd\n' | "$WORDMILL" sum --on-bad-line skip --max-rejects 2 --sorted
"$WORDMILL" count --max-rejects 2 f
echo "exit $?"
rm -f good f expected r
