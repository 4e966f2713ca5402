#!/bin/sh
# -o makes a file as any program would, replaces one that is there, and only if the run is good.
printf 'a\t2000\t1\t1\n' >good
printf 'a\t2000\n' >bad
mode() { find out.tsv -printf '%m\n'; }

"$WORDMILL" count -o out.tsv good
echo "exit $?, mode $(mode)"
cat out.tsv
(umask 077 && "$WORDMILL" count -o out.tsv good good)
echo "exit $?, mode $(mode)"
cat out.tsv
(umask 077 && "$WORDMILL" count -o private good && find private -printf 'mode %m\n' && rm private)
chmod 640 out.tsv
"$WORDMILL" count -o out.tsv good good && mode
"$WORDMILL" count -o out.tsv bad
echo "exit $?, kept"
cat out.tsv
rm out.tsv
"$WORDMILL" count -o out.tsv bad
echo "exit $?, $(find . -name '*out*' | wc -l) files"

mkdir folder
"$WORDMILL" count -o folder/out.tsv good && cat folder/out.tsv
"$WORDMILL" count -o "$PWD/folder/out.tsv" good good && cat folder/out.tsv
echo "over its input"
"$WORDMILL" count -o good good && cat good
echo "no words"
"$WORDMILL" count -o out.tsv </dev/null
wc -c <out.tsv
echo "a dash"
printf 'a\t2000\t1\t1\n' | "$WORDMILL" count -o - && ls -A
rm -r good bad out.tsv folder
