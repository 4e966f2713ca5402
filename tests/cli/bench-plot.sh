#!/bin/sh
# --plot: a picture of the kind its name ends in, with sizes, or else workers, as labels.
command -v gnuplot >/dev/null || exit 77
"$GENERATE" --lines 20000 >"it's"
# In which order gnuplot writes them is its own affair.
labels() { sed -n 's/.*<text>\(.*\)<\/text>.*/\1/p' picture.svg | grep -v '^ *[0-9.]* *$\|^seconds$' | sort; }
"$WORDMILL" bench -q -p 16K,64K -j 1,2 --runs 2 --plot picture.svg "it's" >text
echo "exit $?"
grep -c '^<svg\|^</svg>' picture.svg
labels
"$WORDMILL" bench -q -j 0,1,2 --runs 1 --plot picture.svg "it's" "it's" >text
echo "exit $?"
labels
"$WORDMILL" bench -q --partition-lines 1000,5000,auto -j 1 -r 2,auto --runs 1 --plot picture.svg "it's" >text
echo "exit $?"
labels
"$WORDMILL" bench -q -j 1 -p 16K -r 2,auto --runs 1 --plot picture.png "it's" >text
echo "exit $?"
dd if=picture.png bs=1 skip=1 count=3 2>/dev/null
echo
# One that can check but not draw.
printf '#!/bin/sh\n! grep -q plot\n' >gnuplot
chmod +x gnuplot
PATH=$PWD:$PATH "$WORDMILL" bench -q -j 0 --runs 1 --plot failed.svg "it's" >text
echo "exit $?"
rm "it's" picture.svg picture.png gnuplot text
