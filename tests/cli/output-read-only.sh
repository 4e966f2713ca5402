#!/bin/sh
# A folder that may not be written to, and a file in it that may: nothing is left behind.
as_other() { setpriv --reuid=$((20000 + $$ % 40000)) --clear-groups "$@"; }
as_other test -x "$WORDMILL" 2>/dev/null || exit 77 # not root, or a folder of root's alone
export ASAN_OPTIONS=detect_leaks=0
mkdir folder
echo "old" >folder/out.tsv
chmod 666 folder/out.tsv
chmod 555 folder
for output in folder/new.tsv folder/out.tsv; do
    as_other "$WORDMILL" count -o "$output" <"$SAMPLE"
    echo "exit $?" >&2
done
ls -A folder
cat folder/out.tsv
rm -r folder
