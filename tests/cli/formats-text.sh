#!/bin/sh
# Words of text, of each kind; what is not UTF-8 is counted, and is in no word but between blanks.
printf "It's caf\303\251, Stra\303\237e \316\221\316\262\316\263 \346\227\245\346\234\254 x1y2 na\314\210ive\r\n" >in
printf 'bro\377ken ab\303 cd\355\240\200ef a\0b no_LF 3.14 e-mail' >>in
for tokens in uax29 letters blanks; do
    echo "$tokens"
    for pieces in "" "-p 3" "--partition-lines 1" "-j 0"; do
        "$WORDMILL" count -q -f text --tokens $tokens --stats stats $pieces in | od -c >out
        cmp -s out before || "$WORDMILL" count -q -f text --tokens $tokens in | tr '\000' 0
        cmp -s stats.before stats.now || grep -E 'lines|counted|invalid_utf8' stats
        grep -E 'lines|counted|invalid_utf8' stats >stats.now
        cp stats.now stats.before
        cp out before
    done
    "$WORDMILL" count -q -f text --tokens $tokens <in | od -c | cmp - out && echo "a pipe"
done
"$WORDMILL" count -f text -o out in
echo "too long"
mawk 'BEGIN { printf "a b\nc "; for (i = 0; i < 65537; i++) printf "x"; printf " d\ne\n" }' >in
"$WORDMILL" count -f text in
echo "exit $?"
"$WORDMILL" count -f text --on-bad-line skip in
echo "exit $?"
mawk 'BEGIN { for (i = 0; i < 3; i++) { for (j = 0; j < 32768 - (i == 0); j++) printf "x"; printf "\n" } }' >in
tr '\n' ' ' <in >sequence
"$WORDMILL" count -f text --ngrams 2-2 --on-bad-line skip sequence
echo "exit $?"
"$WORDMILL" count -f text --ngrams 2-2 in
echo "exit $?"
rm in out before stats stats.now stats.before sequence
