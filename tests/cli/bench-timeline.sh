#!/bin/sh
# --timeline: the best and the worst size, as a picture, a page and events.
"$GENERATE" --lines 20000 >in
for ending in svg html json; do
    "$WORDMILL" bench -q -p 4K,64K -j 2 --runs 1 --timeline tasks.$ending --json runs.json in >text
    echo "exit $?"
done
grep -c '^<svg\|^</svg>' tasks.svg
grep -o '>worker [0-9]*<\|>the [a-z]*: ' tasks.svg | sort | uniq -c
grep -o 'the [a-z]*: \(4K\|64K\|auto 1M\)' tasks.html | wc -l
grep -c 'of their time, workers' tasks.html
# As many events as there were partitions of the two, and those that order and write.
sed -n 's/.*"cat": "map", "ph": "X", \("pid": [12]\).*"end": "done".*/\1/p' tasks.json | sort | uniq -c | awk '{ print $1 }' | sort -n >maps
sed -n 's/.*"name": "[a-z]*: \([^"]*\)"}}.*/\1/p' tasks.json | sed 's/^64K$/6/; s/^4K$/87/; s/^auto 1M$/1/' |
    sort -n | diff - maps && echo "as many as partitions"
grep -c '"name": "worker [01]"' tasks.json
tail -n 1 tasks.json
if command -v python3 >/dev/null; then
    python3 -c 'import json; json.load(open("tasks.json"))' && python3 -c '
import xml.dom.minidom
xml.dom.minidom.parse("tasks.svg")' || echo "not well formed"
fi
"$WORDMILL" bench -q -j 2 --runs 1 --timeline tasks.txt in
echo "exit $?"
"$WORDMILL" bench -q --from runs.json --timeline tasks.svg
echo "exit $?"
rm in text tasks.svg tasks.html tasks.json runs.json maps
