#!/bin/sh
# What stands behind the end of a packed file is told, with its place; so is a dictionary.
command -v zstd >/dev/null || exit 77
run() {
    "$WORDMILL" "$@"
    echo "exit $?" >&2
}
printf 'a\t2000\t1\t1\nb\t2000\t1\t1\n' >in
gzip -nc in >end.gz
size=$(($(wc -c <end.gz)))
cp end.gz behind.gz
echo x >>behind.gz
{ cat end.gz; printf '\0\0\0x'; } >zeros.gz
{ cat end.gz; head -c 12 end.gz; } >cut.gz
{ cat end.gz; printf '\037\213'; echo garbage; } >magic.gz
{
    for input in behind.gz zeros.gz cut.gz magic.gz; do
        run count "$input"
        run count -j 0 "$input" in
        cat "$input" | run count
        run sum --sorted "$input"
    done
    "$WORDMILL" count behind.gz 2>&1 | sed "s/.*; 'head -c \([0-9]*\)'.*/\1/" >place
    [ "$(cat place)" = "$size" ] || cat place
    head -c "$(cat place)" behind.gz | run count
} 2>&1 | sed "s/byte $size;/byte END;/; s/-c $size'/-c END'/; s/byte $((size + 3));/byte END+3;/; s/-c $((size + 3))'/-c END+3'/"
# Members side by side: the last one's worker finds it.
"$GENERATE" --lines 40000 >many
split -l 2000 many part.
for part in part.*; do gzip -nc "$part"; done >many.gz
size=$(($(wc -c <many.gz)))
{ echo x; head -c 70000 /dev/zero; } >>many.gz
for options in "-j 2 -p 8K" "-j 0" "-j 2"; do
    "$WORDMILL" count $options many.gz 2>&1 | sed "s/$size/END/g"
done
zstd -qc in >end.zst
size=$(($(wc -c <end.zst)))
cp end.zst behind.zst
echo x >>behind.zst
"$WORDMILL" count behind.zst 2>&1 | sed "s/$size/END/g"
cat behind.zst | "$WORDMILL" count 2>&1 | sed "s/$size/END/g"
for i in 1 2 3 4 5 6 7 8 9; do seq "$i" 1000 >"sample$i"; done
zstd -q --train sample? -o dictionary --maxdict=2K 2>/dev/null
zstd -qc -D dictionary in >in.zst
"$WORDMILL" count in.zst 2>&1
cat in.zst | "$WORDMILL" sum --sorted 2>&1
zstd -dc -D dictionary in.zst | "$WORDMILL" count
rm end.zst behind.zst in.zst sample? dictionary
rm in end.gz behind.gz zeros.gz cut.gz magic.gz place many many.gz part.*
