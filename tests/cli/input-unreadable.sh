#!/bin/sh
# A file without the permission to read it; root may read all, so it cannot tell.
[ "$(id -u)" -ne 0 ] || exit 77
printf 'a\t2000\t1\t1\n' >in
chmod a-r in
"$WORDMILL" count -o out.tsv in
echo "exit $?"
rm -f in
