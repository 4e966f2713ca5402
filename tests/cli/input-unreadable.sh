#!/bin/sh
# A file without the permission to read it. Root may read all, so it is someone else who tries.
as_other() { "$@"; }
if [ "$(id -u)" -eq 0 ]; then
    as_other() { setpriv --reuid=$((20000 + $$ % 40000)) --clear-groups "$@"; }
    as_other test -x "$WORDMILL" 2>/dev/null || exit 77 # a folder of root's alone
    chmod a+w .
fi
printf 'a\t2000\t1\t1\n' >in
chmod a-r in
as_other "$WORDMILL" count -o out.tsv in
echo "exit $?"
rm -f in
