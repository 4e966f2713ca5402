#!/bin/sh
# A file that grows meanwhile, a FIFO that stalls, a file of /proc, which says that its size is 0.
# A line of 16 bytes lies in one page, so none is there in part while it is written.
line=$(printf 'a-word\t2000\t1\t1')
i=0
while [ $i -lt 20000 ]; do
    echo "$line"
    i=$((i + 1))
done >in
for options in "-j 0" "-j 2 -p 999" "-j 2 --partition-lines 100"; do
    { while [ ! -e stop ]; do echo "$line" >>in; done; } &
    before=$(wc -l <in)
    count=$("$WORDMILL" count $options in | cut -f 2)
    after=$(wc -l <in)
    : >stop
    wait
    [ "$before" -le "$count" ] && [ "$count" -le "$after" ] || echo "$before, $count, $after"
    rm stop
done

# More than a FIFO holds is written once most of it was read: the job waits for more from then on.
for options in "-j 0" "-j 2"; do
    echo "$options"
    mkfifo fifo
    exec 3<>fifo
    "$WORDMILL" count $options -o out.tsv fifo 3>&- &
    pid=$!
    cat in in >&3
    [ ! -e out.tsv ] && kill -s KILL "$pid"
    wait "$pid" 2>/dev/null
    echo "exit $?"
    exec 3>&-
    rm -f .out.tsv.*

    # Another one: what was not read stays in the old one as long as a worker has it open.
    rm fifo
    mkfifo fifo
    exec 3<>fifo
    "$WORDMILL" count $options -o out.tsv fifo 3>&- &
    pid=$!
    cat in in >&3
    exec 3>&-
    wait "$pid"
    "$WORDMILL" count in in | cmp - out.tsv
    rm out.tsv fifo
done

for options in "-j 0" "-j 2" "-j 2 -p 7" "--partition-lines 1"; do
    env -i "PATH=$PATH" "lines=$(printf '\nb\t2000\t3\tx\na\t2000\t1\tx\nb\t2000\t4\t')" \
        "$WORDMILL" count -q --on-bad-line skip $options /proc/self/environ
done
rm in
