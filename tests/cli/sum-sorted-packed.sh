#!/bin/sh
# Sorted results may be packed, in files and in pipes, results and table files.
command -v gzip >/dev/null && command -v zstd >/dev/null || exit 77
"$WORDMILL" count "$SAMPLE" >whole
for n in 1 2 3 4; do
    "$WORDMILL" count --shard $n/4 -o part$n "$SAMPLE"
done
"$WORDMILL" sum -o part4.wmt part4
gzip -k part1
split -b 5000 --filter='gzip -c' part2 >members
zstd -q part3
zstd -q part4.wmt
"$WORDMILL" sum --sorted part1.gz members part3.zst part4.wmt.zst | cmp - whole
"$WORDMILL" sum --sorted part1 - part3.zst part4 <members | cmp - whole
mkfifo fifo1 fifo2
for byte in 1 5; do
    (head -c $byte part1.gz && tail -c +$((byte + 1)) part1.gz) >fifo1 &
    cat part4.wmt.zst >fifo2 &
    "$WORDMILL" sum --sorted fifo2 part3 part2 fifo1 | cmp - whole
    wait
done
: | gzip -c >nothing
"$WORDMILL" sum --sorted nothing part1.gz | cmp - part1
printf 'a\t1\nb\tx\n' | gzip -c >bad
for bytes in 3 12 300; do
    head -c $bytes part1.gz >short
    "$WORDMILL" sum --sorted -o sum short part2
    "$WORDMILL" sum --sorted -o sum part2 - <short
    cat short | "$WORDMILL" sum --sorted -o sum part2 -
done 2>&1 | sort | uniq -c
"$WORDMILL" sum --sorted -o sum whole bad
"$WORDMILL" sum part4.wmt.zst
ls
rm -- *
