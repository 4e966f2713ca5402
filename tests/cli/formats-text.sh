#!/bin/sh
# Words of text are runs of letters of any script; what is not UTF-8 ends one and is counted.
printf "It's caf\303\251, Stra\303\237e \316\221\316\262\316\263 \346\227\245\346\234\254 x1y2 na\314\210ive\r\n" >in
printf 'bro\377ken ab\303 cd\355\240\200ef a\0b no_LF' >>in
for pieces in "" "-p 3" "--partition-lines 1"; do
    "$WORDMILL" count -f text --stats stats $pieces in >out
    cmp -s out before || cat out
    grep -E 'lines|counted|invalid_utf8' stats
    cp out before
done
"$WORDMILL" count -f text <in | cmp - out && echo "a pipe"
echo "too long"
mawk 'BEGIN { printf "a b\nc "; for (i = 0; i < 65537; i++) printf "x"; printf " d\ne\n" }' >in
"$WORDMILL" count -f text in
echo "exit $?"
"$WORDMILL" count -f text --on-bad-line skip in
echo "exit $?"
rm in out before stats
