#!/bin/sh
# The spill file is about as large as the runs in it, however small these are: a limit on the size
# of files is enough for it that is a few times what was spilled.
# shellcheck disable=SC3045
"$GENERATE" --lines 300000 --words 60000 >in
"$WORDMILL" count --by year in >wanted
for workers in 0 1 2; do
    (ulimit -f 140000 && "$WORDMILL" count -j "$workers" --by year -m 3M -p 20K --stats stats in) |
        cmp - wanted && echo "$workers workers"
    [ "$(sed -n 's/.*"spilled_runs": \([0-9]*\),/\1/p' stats)" -gt 300 ] && echo "small runs"
done
rm in wanted stats
