#!/bin/sh
# A result that is not that of the first run ends the bench, and nothing is reported.
"$GENERATE" --lines 2000 >in
"$WORDMILL" count -o expected in
mkfifo said
for workers in 0 2; do
    # The announcement comes after the first run. The new word is the last one.
    {
        read -r _
        printf '\377%d\t2000\t1\t1\n' "$workers" >>in
        sed "/to go$/d; s/byte $(wc -c <expected) on/byte SIZE on/"
    } <said >message &
    "$WORDMILL" bench -j "$workers" --runs 10000 --csv runs.csv in 2>said
    echo "exit $?"
    wait
    cat message
    "$WORDMILL" count -o expected in
done
rm in expected said message
