#!/bin/sh
# The tables of a bench: all of the grid, whatever is best, and a word on what cannot run.
"$GENERATE" --lines 20000 >in
# Times are no test's business, nor which of them is the shortest, nor what the answer is.
echo "sizes and workers"
"$WORDMILL" bench -q -p 64K,16K -j 2,0,2 --runs 2 in >text
sed -n '1,2p; 4p' text | sed 's/^[a-z]*seconds/SECONDS/; s/  */ /g'
# size, workers, partitions
sed -nE '5,/^$/s/^[*=? ] *((auto )?[0-9]+[KM]) +([02]) +([0-9]+) .*/\1 \3 \4/p' text | sort
grep -c '^\*' text
echo "lines and fan-ins"
"$WORDMILL" bench -q --partition-lines 1000,5000 -r 2,4 -j 1 --runs 1 --warmup 0 in |
    sed -E '/^The law/,$d; /^[=?] [an]/d; /(not known|was the fastest)/d; s/^[*=?]/ /; s/^[a-z]*seconds/SECONDS/; s/ (1|[0-9.]+ \(too few\)|[0-9]+\.[0-9]+) .*//; s/: [0-9. ]+$/: N/; s/ +/ /g'
echo "what cannot run"
"$GENERATE" --lines 250000 >larger
"$WORDMILL" bench -q -p 1,512K -j 0,1 --runs 1 larger >text 2>message
echo "exit $?"
cat message >&2
grep -c ' 1  *[01]  failed$' text
echo "a sweep"
"$WORDMILL" bench --runs 1 --warmup 0 in larger 2>message | sed -n 's/^.  *\([a-z]* *[0-9.]*[KM]\) .*/\1/p' | sort -u
sed -E 's/^wordmill: [0-9]+ conf/wordmill: N conf/' message | grep configurations >&2
echo "cold"
"$WORDMILL" bench --cold -j 0 --runs 1 in 2>/dev/null | sed -n 's/^[a-z]*seconds, /TIMES, /p'
echo "another order"
"$WORDMILL" bench -q -p 64K,16K -j 0,2 --runs 2 --seed 7 --json saved in >text
grep -o '"seed": 7' saved
rm saved
echo "bad lines"
printf 'a\t2000\t1\t1\nbad\n' >in
"$WORDMILL" bench -j 0 --runs 1 in 2>message | tail -n 1 | sed 's/takes .*;/takes N;/'
grep bad message >&2
echo "closed"
"$WORDMILL" bench -q -j 0 --runs 1 larger >/dev/full
echo "exit $?"
rm in larger text message
