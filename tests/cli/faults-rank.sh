#!/bin/sh
# Workers that die while words get their ranks, or are filtered, change nothing.
"$GENERATE" --lines 300000 --seed 7 >g
"$WORDMILL" count -q --rank --fold-case=dominant g >expected
WORDMILL_FAULT=rank:1 "$WORDMILL" count -q --rank --stats stats g >/dev/null
grep -q '"retries": 0' stats && { echo "skipped: built without fault points"; rm g expected stats; exit 77; }
for fault in rank:1 rank:2 rank:2-3 run:3 reduce:2 write:1; do
    for workers in 1 2; do
        WORDMILL_FAULT=$fault "$WORDMILL" count -q -j $workers -p 1M --rank --fold-case=dominant g | cmp - expected
    done
done
rm g expected stats
