#!/bin/sh
# Hundreds of inputs, some of them the same file, where a process may open 32.
printf 'a\t2000\t1\t1\nb\t2000\t2\t1\n' >in
i=0
while [ $i -lt 500 ]; do
    echo "in$i"
    i=$((i + 1))
done | tee names | xargs -n 1 ln in
# shellcheck disable=SC3045
ulimit -n 32
for options in "-j 0" "-j 2" "-j 2 -p 5" "-j 2 --partition-lines 1"; do
    # shellcheck disable=SC2046 # a list of words
    "$WORDMILL" count $options $(cat names) in in
    echo "exit $?"
done
xargs rm <names
rm in names
