#!/bin/sh
# Files of many members (gzip, as bgzip makes them too) or frames (zstd) are unpacked by all
# workers: the same words, bad lines, places and errors as of the plain file, wherever they are cut.
for tool in gzip bgzip zstd pzstd; do command -v $tool >/dev/null || exit 77; done
"$GENERATE" --lines 25000 --words 9000 >in
"$WORDMILL" count in >expected
split -b 10000 --filter='gzip -1 -c' in >many.gz
split -b 200000 --filter='gzip -c; : | gzip -c' in >few.gz
bgzip -c in >in.bgz
split -b 10000 --filter='zstd -qc' in >many.zst
pzstd -q -p 4 -1 in -o pzstd.zst
cat many.gz in.bgz >both.gz
"$GENERATE" --lines 600000 --words 9000 >large
split -b 700000 --filter='gzip -1 -c' large >large.gz
figure() { sed -n "s/^ *\"$1\": \([0-9]*\),\$/\1/p" stats; }
for file in many.gz few.gz in.bgz many.zst pzstd.zst; do
    for options in "-j 2 -p 20K" "-j 0 -p 50K"; do
        # shellcheck disable=SC2086
        "$WORDMILL" count $options --stats stats -o out $file
        cmp out expected && [ "$(figure lines)" = 25000 ] && echo "same: $options $file"
    done
    [ $file = few.gz ] || [ "$(figure partitions)" -gt 1 ] || echo "one partition: $file"
done
"$WORDMILL" count -o expected_large large
"$WORDMILL" count -j 2 --stats stats large.gz | cmp - expected_large
[ "$(figure partitions)" -gt 1 ] || echo "one partition: large.gz"
"$WORDMILL" count in in >twice
"$WORDMILL" count -p 50K both.gz | cmp - twice
"$WORDMILL" count -p 50K -j 3 in in.bgz | cmp - twice
"$WORDMILL" count -p 60K - <in.bgz | cmp - expected
for share in 1 2 3; do
    "$WORDMILL" count --shard $share/3 -p 30K -o share$share many.gz in many.zst
done
"$WORDMILL" count in in in >thrice
"$WORDMILL" sum share1 share2 share3 | cmp - thrice

# Bad lines, among them long ones, and a last one that is empty.
awk 'NR % 1009 == 0 { print "bad" NR } { print }' in >bad
echo >>bad
split -b 12001 --filter='gzip -c' bad >bad.gz
bgzip -c bad >bad.bgz
split -b 12001 --filter='zstd -qc' bad >bad.zst
"$WORDMILL" count bad 2>message
"$WORDMILL" count -q --on-bad-line skip --rejects rejects -o expected bad
for file in bad.gz bad.bgz bad.zst; do
    for options in "-j 3 -p 10K" "-j 0 -p 33333"; do
        # shellcheck disable=SC2086
        "$WORDMILL" count $options $file 2>&1 | sed "s/$file/bad/" | cmp - message
        # shellcheck disable=SC2086
        "$WORDMILL" count $options -q --on-bad-line skip --rejects r -o out $file
        [ $? = 3 ] && cmp out expected && sed "s/^$file/bad/" r | cmp - rejects
    done
done
cat message

# Damage, in any part.
size=$(wc -c <in.bgz)
for at in 2 17 1000 20000 $((size / 2)) $((size - 40)) $((size - 20)); do
    cp in.bgz damaged
    printf '\377\377\377' | dd of=damaged bs=1 seek="$at" conv=notrunc 2>/dev/null
    head -c "$at" in.bgz >short
    "$WORDMILL" count -j 2 -p 50K -o out1 damaged
    "$WORDMILL" count -j 2 -p 50K -o out1 short
done 2>&1 | sort | uniq -c
ls
rm -- *
