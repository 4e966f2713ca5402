#!/bin/sh
# A disk that is full, be it where a picture is to go or where scratch files do: it is said, and what
# was there stays.
unshare -rm sh -c 'mount -t tmpfs -o size=1M none /mnt' 2>/dev/null || exit 77
command -v gnuplot >/dev/null || exit 77
"$GENERATE" --lines 20000 >in
"$WORDMILL" bench -q -j 0 --runs 1 --json runs.json in >text
mkdir disk
# shellcheck disable=SC2016
unshare -rm sh -c '
    mount -t tmpfs -o size=16K none disk
    echo old >disk/picture.svg
    head -c 8K /dev/zero >disk/fill
    for option in --plot --plot-phases; do
        "$WORDMILL" bench -q --from runs.json $option disk/picture.svg 2>&1 >text
        echo "exit $?"
        ls -A disk
        cat disk/picture.svg
    done
    head -c 8K /dev/zero >>disk/fill
    export TMPDIR=disk
    "$WORDMILL" bench -q --from runs.json --plot new.svg 2>&1 >text
    echo "exit $?"
    "$WORDMILL" bench -q -j 0 --runs 1 in 2>&1 >text
    echo "exit $?"' 2>message
rm -r in runs.json text disk message
