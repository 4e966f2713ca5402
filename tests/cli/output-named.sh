#!/bin/sh
# The name of the output says what it is, unless --output-format does; and must not lie.
printf 'a\t2000\t1\t1\n' >in
for name in out.csv out.jsonl out.wmt out.tsv out .csv out.csv.old; do
    "$WORDMILL" count -o "$name" in && echo "$name: $(head -n 1 "$name" | tr -cd '[:print:]')"
done
"$WORDMILL" sum -o out.csv out.tsv && cat out.csv
"$WORDMILL" count -o out.csv -O tsv in && cat out.csv
for name in out.gz out.csv.gz out.zst; do
    "$WORDMILL" count -O csv -o "$name" in
    echo "exit $?" >&2
    ls "$name" 2>/dev/null
done
"$WORDMILL" sum -o out.gz in 2>&1
rm in out out.csv out.jsonl out.wmt out.tsv .csv out.csv.old
