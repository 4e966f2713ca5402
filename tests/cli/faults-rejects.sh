#!/bin/sh
# A task that is run again rejects its bad lines once.
printf 'a\t2000\t1\t1\n' >f
WORDMILL_FAULT=map:1 "$WORDMILL" count -v f 2>&1 | grep -q ' 1 task run again' || exit 77
awk 'BEGIN { for (i = 0; i < 3000; i++) print i % 5 ? "a\t2000\t1\t1" : "bad" i }' >in
"$WORDMILL" count --on-bad-line skip --rejects expected in
for fault in map:2 run:3 commit:2 message:5; do
    rm -f rejects
    WORDMILL_FAULT=$fault "$WORDMILL" count -j 2 -p 1K --on-bad-line skip --rejects rejects in
    cmp rejects expected
done
rm f in expected rejects
