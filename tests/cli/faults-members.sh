#!/bin/sh
# A worker is killed while others unpack the same file: its members are unpacked again.
command -v gzip >/dev/null || exit 77
printf 'a\t2000\t1\t1\n' >f
WORDMILL_FAULT=map:1 "$WORDMILL" count -v f 2>&1 | grep -q ' 1 task run again' || exit 77
"$GENERATE" --lines 50000 --words 9000 | sed '0~999s/^/bad\n/' >in
"$WORDMILL" count -j 0 -q --on-bad-line skip --rejects rejects in >expected
split -b 15000 --filter='gzip -c' in >in.gz
figure() { sed -n "s/^ *\"$1\": \([0-9]*\),\$/\1/p" stats; }
for fault in map:1 map:9 run:3 commit:5 mutex:2 message:7; do
    export WORDMILL_FAULT="$fault"
    "$WORDMILL" count -j 2 -p 20K -q --on-bad-line skip --rejects r --stats stats -o out in.gz
    cmp out expected && sed 's/^in.gz/in/' r | cmp - rejects &&
        echo "$fault: $(figure lines) lines, $(figure retries) again"
done
WORDMILL_FAULT=map:all:exit "$WORDMILL" count -j 1 -p 20K in.gz
rm f in in.gz expected rejects r out stats
