#!/bin/sh
# A FIFO is read as it is written, alone, beside another and beside a file.
"$GENERATE" --lines 5000 >f
for options in "-j 0" "-j 2" "-j 2 -p 100" "-j 2 --partition-lines 7"; do
    mkfifo one two
    cat f >one &
    cat f >two &
    "$WORDMILL" count $options one f two >got
    echo "exit $?"
    wait
    "$WORDMILL" count f f f | cmp - got
    rm one two got
done
rm f
