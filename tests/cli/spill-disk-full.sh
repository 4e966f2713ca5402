#!/bin/sh
# A spill disk that is too small: it is told after the first maps, and without those when it is full.
unshare -rm sh -c 'mount -t tmpfs -o size=1M none /mnt' 2>/dev/null || exit 77
mkdir disk
"$GENERATE" --lines 300000 --words 300000 >in
run() {
    unshare -rm sh -c 'mount -t tmpfs -o "size=$0" none disk && "$@" && exit
        status=$?
        [ "$(df --output=used disk | tail -n 1)" -gt 100 ] && echo "the disk is in use"
        ls -A disk
        exit "$status"' "$@" 2>message
    echo "exit $?"
    sed 's/some [0-9]* MiB/some N MiB/; s/where [0-9]* MiB/where N MiB/' message
}
for workers in 0 1 2; do
    run 3M "$WORDMILL" count -j "$workers" -m 4M -p 64K --spill-dir disk -o out.tsv in
    run 3M "$WORDMILL" count -j "$workers" -m 4M -p 1G --spill-dir disk -o out.tsv in
    run 60M "$WORDMILL" count -j "$workers" -m 4M --spill-dir disk -o out.tsv in
    wc -l <out.tsv
    rm out.tsv
done
echo "the output is on the same disk"
run 3M "$WORDMILL" count -j 2 -m 4M --spill-dir disk -o disk/out.tsv in
run 2M "$WORDMILL" count -j 2 -m 256M --spill-dir disk -o disk/out.tsv in
# An archive out of a pipe goes there first.
tar -cf in.tar in
# shellcheck disable=SC2016
run 3M sh -c 'cat in.tar | "$0" count --spill-dir disk' "$WORDMILL"
# shellcheck disable=SC2016
run 3M sh -c 'cat in.tar | "$0" sum --sorted --spill-dir disk' "$WORDMILL"
rm -r in in.tar disk message
