#!/bin/sh
# What names a place in a network is no file, and the message says how to get one.
for name in http://example.org/a.gz https://example.org/a.gz gs://bucket/a s3://bucket/a hdfs://node/a ftp://example.org/a \
    file:///a a/b://c; do
    "$WORDMILL" count $name
    echo "exit $?" >&2
done
"$WORDMILL" sum --sorted https://example.org/a.tsv
"$WORDMILL" query https://example.org/a.wmt war
printf 'a\t1999\t3\t1\n' >in
"$WORDMILL" count --totals https://example.org/totals in
mkdir -p http:/example.org
cp in http:/example.org/in
"$WORDMILL" count http://example.org/in
rm -r in http:
