#!/bin/sh
# The ten commonest words of 16 books, as others have published them.
[ -e "$DATA/text" ] || exit 77
"$EXAMPLES/topwords" "$DATA"/text/pg-*.txt | awk '{ print $2 ": " $1 }' | LC_ALL=C sort >found
LC_ALL=C sort "$DATA/text/expected-top10.txt" | diff - found && echo same
rm found
