#!/bin/sh
# --reporter hadoop: counters that add up, a status, one worker, and an input read to its end.
count() {
    "$WORDMILL" count "$@" >out 2>err
    echo "exit $?, $(wc -l <out) words"
}
sums() { # of each counter
    sed -n 's/^reporter:counter:wordmill,//p' err |
        awk -F, '{ sum[$1] += $2 } END { for (name in sum) print name, sum[name] }' | sort
}
"$GENERATE" --lines 300000 >in
(cat in && printf 'bad\nworse\n') >bad

echo "on by itself in a task of Hadoop's"
export mapreduce_job_id=job_1
count --stats stats --on-bad-line skip <bad
sums
grep -c '^reporter:status:' err
grep -E '"(lines|words|rejected|workers)"' stats
echo "and off, or with more workers, if told so"
count --reporter none --on-bad-line skip bad
cat err
count --workers 2 --stats stats <in
grep '"workers"' stats
echo "beside the progress"
count --progress json in
sums
grep -c '"phase":"done"' err
echo "of sum, others than those of count"
"$WORDMILL" count --reporter none in >counts
"$WORDMILL" sum <counts >out 2>err
grep reporter:counter: err
unset mapreduce_job_id
echo "nowhere else"
count in
cat err

echo "a failure is a status, and the writer of the pipe does not notice"
(printf 'bad\n' && cat in && echo "all was read" >&3) 3>&2 2>/dev/null | count --reporter=hadoop
grep -v '^reporter:status:[a-z]*,' err
echo "nor when the input is another"
(cat in && echo "all was read" >&3) 3>&2 2>/dev/null | count --reporter hadoop -w none in
cat out
rm in counts bad out err stats
