#!/bin/sh
# Of a bad line in a pipe and one in a file after it, the pipe's is named, though the file's is found
# first; and the other way round.
printf 'good\t1\t1\t1\nbad file\n' >f
mkfifo p
for inputs in "p f" "f p"; do
    # shellcheck disable=SC2086 # two words
    "$WORDMILL" count -j 1 $inputs &
    printf 'good\t1\t1\t1\nbad pipe\n' >p
    wait $!
    echo "exit $?"
done
rm f p
