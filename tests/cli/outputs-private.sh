#!/bin/sh
# In a folder that all may write to, nothing that waits for its place can be read or guessed.
mkdir tmp
chmod 1777 tmp
mkfifo slow
"$WORDMILL" count -j 1 -o tmp/out slow &
pid=$!
exec 3>slow # which waits until it is read: the output is open by then
printf 'a\t2000\t1\t1\n' >&3
for name in tmp/.wordmill.*; do
    [ ! -e "$name" ] || [ "$(stat -c %a "$name")" = 600 ] || echo "$name can be read"
done
exec 3>&-
wait "$pid"
cat tmp/out
rm -r tmp slow
