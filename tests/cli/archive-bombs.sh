#!/bin/sh
# Archives that are larger inside: a right answer or a clear error, in bounded memory.
for tool in zip bzip2 xz tar; do
    command -v $tool >/dev/null || exit 77
done
head -c 300000000 /dev/zero | zip -q zeros.zip -
"$WORDMILL" count zeros.zip
"$WORDMILL" count --format v2 -m 64M zeros.zip
yes 'a	1999	1	1' | head -n 3000000 | xz -1 -c >lines.xz
"$WORDMILL" count -m 64M --stats stats lines.xz
# What is unpacked waits in shared memory, and not for long.
awk -F '[:,]' '/largest_process|shared_runs/ && $2 > 150000000 { print "too much: " $0 }' stats
mkdir many
(cd many && seq 3000 | while read -r i; do echo 'b	1999	1	1' >"$i"; done)
tar -cf many.tar many
"$WORDMILL" count -m 64M many.tar
"$WORDMILL" count -j 0 many.tar
head -c 300000000 /dev/zero | gzip | "$WORDMILL" count
tar -c many | gzip | "$WORDMILL" count -m 64M
# shellcheck disable=SC2002 # a pipe
cat zeros.zip | "$WORDMILL" count --format v2 -m 64M
# shellcheck disable=SC2002
cat lines.xz | "$WORDMILL" count -m 64M --stats stats
awk -F '[:,]' '/largest_process|shared_runs/ && $2 > 150000000 { print "too much: " $0 }' stats
bzip2 -c zeros.zip | bzip2 -c | bzip2 -c >deep.bz2
"$WORDMILL" count deep.bz2
rm -r -- *
