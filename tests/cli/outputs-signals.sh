#!/bin/sh
# No signal but SIGKILL leaves a temporary file behind; SIGUSR1 asks for a line and ends nothing.
mkfifo in
for signal in HUP INT QUIT ABRT USR2 PIPE ALRM TERM XCPU VTALRM PROF IO PWR; do
    exec 3<>in
    {
        "$GENERATE" --lines 20000 >&3
        kill -s "$signal" "$(cat pid)"
    } &
    (
        sh -c 'echo $$ >pid; exec "$WORDMILL" count -j 2 -p 4K -o out --stats stats in 2>message' 3>&-
        echo "$signal: $(kill -l $?)"
    ) 2>/dev/null
    wait
    exec 3>&-
    cat message
    ls -A
done
echo "USR1"
exec 3<>in
{
    "$GENERATE" --lines 20000 >&3
    kill -s USR1 "$(cat pid)"
    while [ ! -s message ]; do :; done
} &
asker=$!
(
    exec 3>&-
    sh -c 'echo $$ >pid; exec "$WORDMILL" count -j 2 -p 4K -o out in 2>message'
    echo "exit $?"
) &
wait "$asker"
exec 3>&-
wait
sed -E 's/[0-9.]+/N/g; s/[kMG]?B/B/g' message
"$GENERATE" --lines 20000 | "$WORDMILL" count | cmp - out
rm out
echo "a limit of file sizes"
"$GENERATE" --lines 20000 --words 20000 >words
(ulimit -f 8; "$WORDMILL" count -q -j 1 -o out words; echo "exit $?"; "$WORDMILL" count -q -j 1 words >out2
    echo "exit $?") 2>&1
ls -A
rm in pid message out2 words
