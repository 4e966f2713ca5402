#!/bin/sh
# gzip and zstd are known by their first bytes: in files, many or one, whatever their names, in
# pipes, mixed with plain ones; what is damaged is an error that names the file.
command -v gzip >/dev/null && command -v zstd >/dev/null || exit 77
"$WORDMILL" count "$SAMPLE" >expected
split -n l/5 "$SAMPLE" part.
gzip part.aa
gzip -1 -c part.ab >b && rm part.ab
zstd -q --rm part.ac
cat part.ad | zstd -qc >d.gz && rm part.ad
same() {
    "$WORDMILL" count "$@" >out && cmp out expected && echo "same: $*"
}
for options in "-j 2" "-j 0" "-p 1000" "--partition-lines 333" "-j 4 -m 64M"; do
    # shellcheck disable=SC2086
    same $options part.aa.gz b part.ac.zst d.gz part.ae
done
gzip -dc part.aa.gz b >ab
zstd -dqc part.ac.zst >c && zstd -dqc <d.gz >d
cat ab c d part.ae | cmp - "$SAMPLE" && echo "the parts are the whole"
gzip -c part.ae >e
cat part.aa.gz b >members # of one file
{
    cat c d | gzip -c
    cat e
    head -c 1000 /dev/zero
} >>members
same members
same --partition-lines 1000 members
same <members
cat members | same --workers 3
for share in 1 2 3; do
    "$WORDMILL" count --shard $share/3 -o share$share part.aa.gz b part.ac.zst d.gz part.ae
done
"$WORDMILL" sum share1 share2 share3 | cmp - expected && echo "shares add up"
printf 'to be or not to be\n' | gzip -c >text
printf 'a b\t1999,2,3\t2000,4,5\n' | zstd -qc >v3
"$WORDMILL" count -v text 2>&1 | grep -E 'formats|	'
"$WORDMILL" count -v v3 2>&1 | grep -E 'formats|	'
printf 'a\t1999\t1\t1\nbad\nb\t1\t1\t1\n\n' | gzip -c >bad
"$WORDMILL" count bad
"$WORDMILL" count --on-bad-line skip --rejects rejects bad v3
cat rejects
: | gzip -c >nothing
"$WORDMILL" count nothing && echo nothing
cp members damaged
printf x | dd of=damaged bs=1 seek=2000 conv=notrunc 2>/dev/null
for files in damaged "members members damaged"; do
    # shellcheck disable=SC2086
    "$WORDMILL" count $files >out
    echo "exit $?, $(wc -c <out) bytes"
done
size=$(wc -c <e)
head -c $((size - 1)) e >short
"$WORDMILL" count short
"$WORDMILL" count part.ae part.ae short
"$WORDMILL" count - <short
head -c 2 e | "$WORDMILL" count
rm -- *
