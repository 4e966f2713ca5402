#!/bin/sh
# The tables of a bench: all of the grid, whatever is best, and a word on what cannot run.
"$GENERATE" --lines 20000 >in
# Times are no test's business, nor which of them is the shortest.
mask() {
    sed -E 's/^(milli)?seconds of/TIMES of/; s/^[*=]/ /; /^  as good:/d; s/[0-9]+\.[0-9]+k?/N/g
        s/[0-9]+[kM] /N /; s/[0-9]+%/N%/g; s/ +/ /g; s/^  ?([^:]*): N m?s, N GB/BEST: N, N GB/'
}
echo "sizes and workers"
"$WORDMILL" bench -q -p 64K,16K -j 2,0,2 --runs 2 in | mask
echo "lines and fan-ins"
"$WORDMILL" bench -q --partition-lines 1000,5000 -r 2,4 -j 1 --runs 1 --warmup 0 in | mask
echo "a single one"
"$WORDMILL" bench -q -p 64K -r 8 -j 0 --runs 3 in in | mask
echo "what cannot run"
"$GENERATE" --lines 250000 >larger
"$WORDMILL" bench -p 1,512K -j 0,1 --runs 1 larger >text 2>message
echo "exit $?"
mask <text
sed 's/about.*/about/' message >&2
echo "a sweep"
"$WORDMILL" bench --runs 1 --warmup 0 in larger 2>message | sed -n '5,$s/^.  *\([0-9]*K\) .*/\1/p' | sort -u
sed -E 's/^wordmill: [36] runs: [36] conf(.*)about.*/wordmill: N runs: N conf\1about/' message >&2
echo "cold"
"$WORDMILL" bench --cold -j 0 --runs 1 in 2>/dev/null | sed -n 's/^[a-z]* of/TIMES of/p'
echo "bad lines"
printf 'a\t2000\t1\t1\nbad\n' >in
"$WORDMILL" bench -j 0 --runs 1 in >text 2>message
echo "exit $?"
sed 's/about.*/about/' message >&2
echo "closed"
"$WORDMILL" bench -q -j 0 --runs 1 larger >/dev/full
echo "exit $?"
rm in larger text message
