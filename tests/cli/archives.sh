#!/bin/sh
# What zip, 7z, tar, bzip2, xz, lz4 and compress have packed is counted: each file in it is an input
# of its own. What is not as it should be is an error, and nothing is counted.
for tool in zip 7z tar bzip2 xz lz4 gzip zstd; do
    command -v $tool >/dev/null || exit 77
done
cp "$SAMPLE" sample
"$WORDMILL" count sample >expected
mkdir folder
split -n l/3 sample folder/part.
head -c -1 folder/part.aa >t && mv t folder/part.aa # no line end
bzip2 -c sample >one.bz2
xz -c sample >one.xz
xz --format=lzma -c sample >not.lzma
lz4 -qc sample >one.lz4
zip -q one.zip sample
zip -qr folder.zip folder
zip -qr -0 stored.zip folder
7z a -bd folder.7z folder >/dev/null
tar -cf folder.tar folder
for packer in gzip bzip2 xz lz4 zstd; do
    $packer -qc <folder.tar >folder.tar.$packer
done
mkdir packed
gzip -c folder/part.aa >packed/aa.gz
bzip2 -c folder/part.ab >packed/ab.bz2
zstd -qc folder/part.ac >packed/ac.zst
tar -cf packed.tar packed
zip -qr packed.zip packed
{ bzip2 -c folder/part.aa; echo | bzip2 -c; bzip2 -c folder/part.ab; bzip2 -c folder/part.ac; } >members.bz2
same() {
    "$WORDMILL" count "$@" >out && cmp out expected || echo "not the same: $*"
}
for file in one.* folder.* stored.zip packed.* members.bz2; do
    for options in "-j 2" "-j 0" "-p 1000" "--partition-lines 333" "-m 64M"; do
        # shellcheck disable=SC2086
        same $options "$file"
    done
    same - <"$file"
done
# Out of a pipe as well, in any pieces; what gzip or zstd packs may be a tar there, too.
gzip -c sample >one.gz
zstd -qc sample >one.zst
{ gzip -c </dev/null && gzip -c <folder.tar; } >empty-first.tar.gz
for file in one.* folder.* stored.zip packed.* members.bz2 empty-first.tar.gz; do
    # shellcheck disable=SC2002 # a pipe
    cat "$file" | same
    dd bs=100 status=none <"$file" | same -j 0 -
done
"$WORDMILL" count folder.zip folder/part.aa folder.7z one.xz -o all
"$WORDMILL" count sample sample folder/part.aa sample | cmp - all
for share in 1 2 3; do
    "$WORDMILL" count --shard $share/3 -o share$share folder.zip folder/part.aa folder.7z one.xz
done
"$WORDMILL" sum share1 share2 share3 | cmp - all
"$WORDMILL" count -v not.lzma

echo "each is an input"
mkdir mixed
printf '\357\273\277a\t1990\t1\t1' >mixed/v2
printf 'b\t1990,2,2' >mixed/v3
: >mixed/empty
tar -cf mixed.tar mixed
"$WORDMILL" count -v mixed.tar 2>&1 | grep -E 'formats|	'
printf 'x\ny\nc\t1990\t1\t1\nbad\nd\t1990\t1\t1\n' | tee mixed/v2 >mixed/w2
tar --sort=name -cf mixed.tar mixed
"$WORDMILL" count --header=2 mixed.tar
"$WORDMILL" count --header=2 --on-bad-line skip --rejects rejects --stats stats mixed.tar
cat rejects
grep -E '"(lines|counted|filtered|rejected)"' stats
rm -r mixed

echo "results"
"$WORDMILL" count folder/part.aa -o a.tsv
"$WORDMILL" count folder/part.ab -o b.tsv
"$WORDMILL" sum a.tsv b.tsv -o ab
zip -q results.zip a.tsv b.tsv
xz -k a.tsv
zip -q b.zip b.tsv
"$WORDMILL" sum results.zip | cmp - ab
"$WORDMILL" sum --sorted a.tsv.xz b.zip | cmp - ab
cat a.tsv.xz | "$WORDMILL" sum --sorted - b.zip | cmp - ab
cat results.zip | "$WORDMILL" sum | cmp - ab
"$WORDMILL" sum --sorted results.zip
printf ' \t1990,1000000,1,1\t' >totals
zip -q totals.zip totals
printf 'a\t1990\t1\t1\n' >v2
"$WORDMILL" count --totals totals.zip v2
mkfifo pipe
cat totals.zip >pipe &
"$WORDMILL" count --totals pipe v2
wait $!
"$WORDMILL" count --totals results.zip v2

echo "none of these"
fail() {
    "$WORDMILL" count "$@" >out
    echo "exit $?, $(wc -c <out) bytes"
}
zip -q -P secret secret.zip v2
7z a -bd -psecret -mhe secret.7z v2 >/dev/null
ln -s v2 link
tar -cf link.tar v2 link
zip -q nested.zip one.zip
echo 'Call me Ishmael.' >text
zip -q text.zip v2 text
for file in secret.zip secret.7z link.tar nested.zip text.zip; do
    fail $file
done
for file in one.zip folder.7z folder.tar one.bz2 one.xz one.lz4 folder.tar.gzip packed.zip; do
    head -c $(($(wc -c <$file) / 2)) $file >"cut"
    fail cut
    fail folder/part.aa cut
    cp $file damaged
    printf '\001\002\003\004' | dd of=damaged bs=1 seek=$(($(wc -c <$file) / 3)) conv=notrunc 2>/dev/null
    fail damaged
done
for file in one.bz2 one.xz one.lz4; do
    { cat $file && echo more; } >behind
    fail behind
done
echo "none of these, out of a pipe"
for file in secret.zip secret.7z link.tar nested.zip text.zip results.zip behind; do
    # shellcheck disable=SC2002
    cat "$file" | fail
done
for file in one.zip folder.7z folder.tar one.xz folder.tar.gzip; do
    head -c $(($(wc -c <$file) / 2)) $file | fail
    head -c $(($(wc -c <$file) / 2)) $file | fail folder/part.aa -
done
cat results.zip | "$WORDMILL" sum --sorted
cat one.zip | fail --spill-dir no/such/folder
"$WORDMILL" count </dev/null
zip -q empty.zip v2 && zip -qd empty.zip v2 >/dev/null 2>&1
: | xz -c | tee empty.xz >/dev/null
"$WORDMILL" count empty.xz
rm -r -- *
