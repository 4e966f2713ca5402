#!/bin/sh
# A tmpfs is memory: runs are spilled there only where it was asked for, or there is nothing else,
# and a warning says so.
tmpfs=$(unshare -rm sh -c 'mount -t tmpfs none /mnt && stat -f -c %T /mnt' 2>/dev/null)
[ "$tmpfs" = tmpfs ] && [ "$(stat -f -c %T .)" != tmpfs ] || exit 77
"$GENERATE" --lines 300000 --words 300000 >in
"$WORDMILL" count -m 256M in >wanted
mkdir small large
cp "$WORDMILL" command # which may be in a folder that is hidden
# Each of the folders given is a tmpfs, "large" with room for all runs, the others with none.
try() {
    folders=$1
    shift
    # shellcheck disable=SC2016
    folders=$folders unshare -rm sh -c 'for folder in $folders; do
            size=1M
            [ "$folder" != large ] || size=100M
            mount -t tmpfs -o "size=$size" none "$folder" || exit
        done
        "$@"' sh ./command count -j 2 -m 4M "$@" in
    echo "exit $?"
    [ ! -e out ] || cmp out wanted
    rm -f out
}
exec 2>&1
echo "TMPDIR is a tmpfs, /tmp or /var/tmp is not"
TMPDIR=small try small -o out
echo "all are, but not the folder of the output"
TMPDIR=small try "small /tmp /var/tmp" -o out
TMPDIR=small try "small /tmp /var/tmp" -o ./out
echo "there is no output"
TMPDIR=large try "large /tmp /var/tmp" >got
tab=$(printf '\t')
grep -v "$tab" got
grep "$tab" got | cmp - wanted
TMPDIR=large try "large /tmp /var/tmp" -q -o /dev/null
echo "it was named"
try large --spill-dir large -o out --stats stats
grep warnings stats
# How much more depends on how far both workers are.
try "large small" --spill-dir small -o out 2>&1 | sed 's/some [0-9]* MiB/some MiB/'
echo "nothing is spilled"
TMPDIR=large try "large /tmp /var/tmp" -m 256M -o /dev/null
rm -r in wanted got stats small large command
