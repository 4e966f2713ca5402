#!/bin/sh
# Of a bad line in a pipe and one in a file after it, the pipe's is named, though the file's is found
# first; and the other way round, where the pipe may never be read.
printf 'good\t1\t1\t1\nbad file\n' >f
mkfifo p
for inputs in "p f" "f p"; do
    printf 'good\t1\t1\t1\nbad pipe\n' 2>/dev/null >p &
    # shellcheck disable=SC2086 # two words
    "$WORDMILL" count -j 1 $inputs
    echo "exit $?"
    exec 3<>p # or a writer that came too late would wait
    wait
    exec 3>&-
done
rm f p
