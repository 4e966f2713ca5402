#!/bin/sh
# Limits of addresses and descriptors are lived with, as that of memory is.
# shellcheck disable=SC3045
# Sanitizers themselves need more addresses than that.
if ! (ulimit -v 300000 && "$WORDMILL" --version) >/dev/null 2>&1; then
    exit 77
fi
printf 'ant\t1990\t3\t1\nant\t1991\t4\t1\nbee\t1990\t2\t1\n' >in
for limit in 300000 1000000 4000000 12000000; do
    for workers in 0 1 2; do
        (ulimit -v "$limit" && "$WORDMILL" count -j "$workers" in >"$limit.$workers")
        [ "$(cat "$limit.$workers")" = "$(printf 'ant\t7\nbee\t2')" ] && echo "$limit KiB, $workers workers"
    done
done
echo "memory of its own"
"$GENERATE" --lines 400000 --words 60000 --unsorted >many
"$WORDMILL" count many >wanted
for limit in 24000 50000 200000; do
    for options in "-j 0" "-j 2" "-j 2 -m 8M" "-j 2 -s count --rank" "-j 2 --fold-case=dominant"; do
        "$WORDMILL" count -q -j 2 ${options#-j ?} many >wanted.other
        (ulimit -d "$limit" && "$WORDMILL" count -q $options many) | cmp - wanted.other || echo "$limit $options"
    done
done
(ulimit -d 8000 && "$WORDMILL" count -j 2 in)
echo "runs that spill"
"$GENERATE" --lines 400000 --words 60000 >many
"$WORDMILL" count many >wanted
(ulimit -v 600000 && "$WORDMILL" count -j 2 -m 8M many) | cmp - wanted && echo same
i=0
while [ $i -lt 300 ]; do
    printf 'a\t1\n' >"part$i"
    i=$((i + 1))
done
echo "descriptors"
(ulimit -Sn 256 && "$WORDMILL" sum --sorted part*)
rm in many wanted wanted.other part* ./*.0 ./*.1 ./*.2
