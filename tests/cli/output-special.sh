#!/bin/sh
# -o to what is not a file, or cannot be one.
run() {
    "$WORDMILL" count "$@"
    echo "exit $?" >&2
}
"$GENERATE" --lines 30000 --words 30000 >in
"$WORDMILL" count in >expected

mkfifo fifo
cat fifo >got &
run -o fifo in
wait
cmp got expected
[ -p fifo ] && echo "still a FIFO"
echo "a reader that goes away" >&2
head -n 1 fifo >got &
run -o fifo in
wait
head -n 1 expected | cmp - got

mkdir folder
run -o /dev/null in
run -o /dev/full in
run -o folder in
run -o folder/ in
run -o nowhere/out.tsv in
run -o expected/out.tsv in
run -o '' in
ls -A
rm -r in expected got fifo folder
