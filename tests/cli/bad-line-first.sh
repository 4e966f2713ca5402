#!/bin/sh
# Of several bad lines the first in the input is named, whoever sees which first.
"$GENERATE" --lines 100 >good
{
    cat good
    printf 'first\t2000\n'
    cat good
    printf 'second\tx\t1\t1\n'
    cat good
    printf 'third\t2000\tx\t1\n'
} >in
for partition in "" "-p 1" "-p 100" "-p 4K" "--partition-lines 1" "--partition-lines 7"; do
    for workers in 0 1 2 7; do
        for _ in 1 2 3; do
            "$WORDMILL" count -j "$workers" $partition in in good 2>>messages
            [ $? -eq 1 ] || echo "-j $workers $partition: not 1"
        done
        cat in | "$WORDMILL" count -j "$workers" $partition 2>>pipe-messages
    done
done
uniq -c messages
uniq -c pipe-messages
rm good in messages pipe-messages
