#!/bin/sh
# Help and version go to standard output.
"$WORDMILL" --help >text
echo "exit $?"
grep -c '^usage: wordmill COMMAND' text
grep -c '^  count  ' text
"$WORDMILL" -h | cmp - text

"$WORDMILL" count --help >text
echo "exit $?"
grep -c '^usage: wordmill count \[OPTIONS\] \[FILE...\]$' text
for option in -j -p -r -m -w -n -s -o -q -v -h; do
    grep -q "^ *$option, --[a-z]" text || echo "$option is missing"
done
for option in --partition-lines --spill-dir --on-bad-line --rejects --task-timeout --progress --stats; do
    grep -q "^ *$option [A-Z]" text || echo "$option is missing"
done
awk 'length($0) > 80' text
"$WORDMILL" count -h | cmp - text
"$WORDMILL" count -j 2 --help nothing | cmp - text
rm text

"$WORDMILL" --version | grep -Ec '^wordmill [0-9]+\.[0-9]+\.[0-9]+$'
for arguments in --help --version "count --help"; do
    "$WORDMILL" $arguments >/dev/full
    echo "exit $?" >&2
    "$WORDMILL" $arguments >&-
    echo "exit $?" >&2
done
