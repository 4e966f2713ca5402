#!/bin/sh
# engine/examples/progress.c: a job in a libuv loop, with progress, and canceled by Ctrl-C.
"$GENERATE" --lines 100000 >f
"$EXAMPLES/progress" f >out
tail -n 2 out | sed 's/^[0-9]* of [0-9]* /all /'
[ "$(tail -n 1 out)" = "$("$WORDMILL" count f | grep -c '') words" ] && echo "so many words"
"$EXAMPLES/progress" nothing
echo "exit $?"

# As in signals.sh: once all is written to the FIFO, the run is under way, and waits for more.
mkfifo in
exec 3<>in
"$EXAMPLES/progress" in >out 3>&- &
"$GENERATE" --lines 20000 >&3
kill -s INT $!
wait $!
echo "exit $?"
exec 3>&-
rm f in out
