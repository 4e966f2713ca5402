#!/bin/sh
# Real v1 to v3 lines, volumes, and the published ten commonest words of 16 books.
[ -d "$DATA/text" ] || exit 77
"$WORDMILL" count "$DATA"/v1/*
cut -f 1,2 "$DATA/v2/expected.a-m.word-matches-volumes.tsv" >matches
cut -f 1,3 "$DATA/v2/expected.a-m.word-matches-volumes.tsv" >volumes
for options in "-j 2" "-j 0 -p 300" "--partition-lines 3"; do
    "$WORDMILL" count $options "$DATA"/v3/* | cmp - matches && echo "matches: $options"
    "$WORDMILL" count $options --value volumes "$DATA"/v3/* | cmp - volumes && echo "volumes: $options"
    "$WORDMILL" count $options --tokens letters -n 10 "$DATA"/text/pg-*.txt >top
    sed 's/\(.*\): /\1	/' "$DATA/text/expected-top10.txt" | LC_ALL=C sort -t '	' -k 2,2nr |
        cmp - top && echo "top ten: $options"
done
"$WORDMILL" count --value volumes "$DATA"/v2/*.head10000.tsv | cmp - volumes && echo "volumes of v2"
rm matches volumes top
