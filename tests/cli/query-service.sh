#!/bin/sh
# Whoever asks through two pipes gets each answer before he asks again.
perl -MFcntl -e 1 || exit 77
for i in 1 2 3 4 5 6 7 8 9; do printf 'w%d\t2000\t%d\t1\n' "$i" "$i"; done >in
"$WORDMILL" count -o t.wmt in
mkfifo ask tell
talk() {
    "$WORDMILL" query "$@" <ask >tell &
    exec 3>ask 4<tell
    for word in w1 none w3; do
        echo "$word" >&3
        read -r answer <&4 && echo "answer: $answer"
    done
    printf 'w4\nw5\nw6' >&3
    exec 3>&-
    cat <&4
    wait $!
    echo "exit $?"
    exec 4<&-
}
talk t.wmt
echo "a header comes once"
"$WORDMILL" query -O csv t.wmt <ask >tell &
exec 3>ask 4<tell
read -r answer <&4 && echo "$answer" &
early=$!
echo w1 >&3
wait "$early"
echo w2 >&3
exec 3>&-
cat <&4
exec 4<&-
wait

echo "all at once"
printf 'w1\nw2\r\n\nw9' >words
"$WORDMILL" query t.wmt <words >expected
cat expected
cat words | "$WORDMILL" query t.wmt | cmp - expected
cat words | "$WORDMILL" query --batch t.wmt | cmp - expected
for i in 0 1 2 3 4 5 6 7 8 9; do cat words words words; echo; done | "$WORDMILL" query --batch t.wmt >batched
for i in 0 1 2 3 4 5 6 7 8 9; do cat words words words; echo; done | "$WORDMILL" query t.wmt | cmp - batched
: | "$WORDMILL" query -O csv t.wmt
"$WORDMILL" query -O csv t.wmt </dev/null

echo "the table is rewritten, or cut, or replaced"
rewritten() {
    cp t.wmt other.wmt
    "$WORDMILL" query other.wmt <ask >tell 2>message &
    exec 3>ask 4<tell
    echo w1 >&3
    read -r answer <&4 && echo "answer: $answer"
    "$@"
    echo w2 >&3
    exec 3>&-
    cat <&4
    wait $!
    echo "exit $?"
    cat message
    exec 4<&-
}
rewritten cp in other.wmt
rewritten sh -c ': >other.wmt'
rewritten sh -c 'touch -d 2001-01-01 other.wmt'
rewritten cp --remove-destination in other.wmt
echo "a signal of the mapping"
"$WORDMILL" query t.wmt <ask >tell 2>message &
exec 3>ask 4<tell
echo w1 >&3
read -r answer <&4
kill -s BUS $!
wait $!
echo "exit $?"
cat message
exec 3>&- 4<&-

echo "an input that does not block"
unblocked() { perl -MFcntl -e 'fcntl(STDIN, F_SETFL, O_NONBLOCK) or die; exec @ARGV' "$@"; }
{
    while ! [ -e asked ]; do :; done
    echo w7
} | { unblocked sh -c ': >asked; exec "$WORDMILL" query t.wmt'; }
head -c 3000000 /dev/zero | "$WORDMILL" query t.wmt 2>&1
echo "exit $?"
rm asked in t.wmt other.wmt ask tell words expected batched message
