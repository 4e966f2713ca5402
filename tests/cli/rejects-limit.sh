#!/bin/sh
# The file of rejects has an end, the same however the input is cut; names in it make no records.
awk 'BEGIN { for (i = 0; i < 3000; i++) print "bad" i; print "a\t2000\t1\t1" }' >in
check() {
    "$WORDMILL" count -f v2 -q --on-bad-line skip --max-reject-bytes 1K --rejects rejects -o out "$@"
    [ $? -eq 3 ] || echo "$*: not 3"
    [ -e expected ] || cp rejects expected
    cmp rejects expected && echo "$*" >>equal
}
for partition in "-p 1M" "-p 100" "-p 4K" "--partition-lines 7"; do
    for workers in 0 1 2; do
        check $partition -j "$workers" in
    done
done
echo "$(wc -l <equal) times equal"
sed '$d' expected >records
[ "$(wc -c <records)" -le 1024 ] || wc -c records
awk -F'\t' '{ if ($1 != "in" || $2 != NR || $5 != "bad" NR - 1 || NF != 5) print "not so: " $0 }' records
left=$((3000 - $(wc -l <records)))
tail -n 1 expected | sed "s/ $left / ALL /; s/\t$left /\tALL /"

echo "no limit that matters"
"$WORDMILL" count -f v2 -q --on-bad-line skip --max-reject-bytes 1G --rejects rejects -o out in
wc -l <rejects
echo "by default"
head -c 2000000 /dev/zero | tr '\0' '\n' | gzip >lines.gz
wc -c <lines.gz | awk '{ print ($1 < 10000 ? "a small file" : $1) }'
"$WORDMILL" count -f v2 -q --on-bad-line skip --rejects rejects -o out lines.gz
echo "exit $?, $(wc -c <rejects | awk '{ print int($1 / 2^20) }') MiB"
tail -n 1 rejects | tr -d 0-9
echo "names"
name=$(printf 'new\nline\tTAB\033[31m \\x0a')
printf 'bad\n' >"./$name"
"$WORDMILL" count -f v2 -q --on-bad-line skip --rejects - -o /dev/null "$name"
rm in rejects records expected equal out lines.gz "$name"
