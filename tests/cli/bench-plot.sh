#!/bin/sh
# --plot: a picture of the kind its name ends in, with sizes, or else workers, as labels.
command -v gnuplot >/dev/null || exit 77
"$GENERATE" --lines 20000 >"it's"
# In which order gnuplot writes them is its own affair.
labels() { sed -n 's/.*<text>\(.*\)<\/text>.*/\1/p' "$1" | grep -v '^ *[0-9.]* *$\|^seconds$' | sort; }
"$WORDMILL" bench -q -p 16K,64K -j 1,2 --runs 6 --plot picture.svg --plot-phases phases.svg \
    --plot-workers workers.svg --plot-memory memory.svg "it's" >text
echo "exit $?"
for picture in picture phases workers memory; do
    grep -c '^<svg\|^</svg>' $picture.svg
    # How many workers are the best is the machine's affair.
    labels $picture.svg | sed 's/, [12] workers*: wordmill/, wordmill/; s/wordmill, it.*/TITLE/'
done
labels picture.svg | grep 'it.s'
"$WORDMILL" bench -q -j 0,1,2 --runs 1 --plot picture.svg "it's" "it's" >text
echo "exit $?"
labels picture.svg
"$WORDMILL" bench -q --partition-lines 1000,5000,auto -j 1 -r 2,auto --runs 1 --plot picture.svg "it's" >text
echo "exit $?"
labels picture.svg
"$WORDMILL" bench -q -j 1 -p 16K,64K -r 2,auto --runs 1 --plot picture.png "it's" >text
echo "exit $?"
dd if=picture.png bs=1 skip=1 count=3 2>/dev/null
echo
# So many sizes that not each has room for a label, and so many lines that a colour comes twice.
"$WORDMILL" bench -q -p "$(seq -s , 4096 1024 40000)" -j 0 -r 2,3,4,5,6,7,8,9,10 --runs 1 --warmup 0 --plot picture.svg "it's" >text
echo "exit $?"
labels picture.svg | grep -c '^[0-9.]*K$' | awk '{ print $1 <= 14 }'
labels picture.svg | grep fan-in
# Bars have names only where there is room; one size has an axis too, without a word of gnuplot.
"$WORDMILL" bench -q -p "$(seq -s , 4096 1024 40000)" -j 0 --runs 1 --warmup 0 --plot-phases phases.svg "it's" >text
labels phases.svg | grep -c '^[0-9.]*K$\|^[0-9][0-9]*$' | awk '{ print $1 <= 16 }'
"$WORDMILL" bench -q -p 64K -j 1 --runs 2 --plot picture.svg --plot-memory memory.svg "it's" >text
echo "exit $?"
labels picture.svg | grep K
"$WORDMILL" bench -q -p 64K -j 2 --plot-workers workers.svg "it's"
echo "exit $?"
# One that can check but not draw.
printf '#!/bin/sh\n! grep -q plot\n' >gnuplot
chmod +x gnuplot
PATH=$PWD:$PATH "$WORDMILL" bench -q -j 0 --runs 1 --plot failed.svg "it's" >text
echo "exit $?"
rm "it's" ./*.svg picture.png gnuplot text
