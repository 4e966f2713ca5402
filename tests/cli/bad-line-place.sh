#!/bin/sh
# A bad line is found at the same line and byte in any partition, in a pipe, and in a later file.
run() {
    "$WORDMILL" count "$@"
    echo "exit $?" >&2
}
"$GENERATE" --lines 1500 >good
{
    cat good
    printf 'bad\t2000\n'
    cat good
} >in
echo "line 1501, byte $(wc -c <good)"
run in
for options in "-j 0 -p 100" "-j 2 -p 1K" "-j 2 -p 100" "--partition-lines 1" "--partition-lines 1501" \
    "--partition-lines 1500"; do
    echo "$options"
    run $options in
    cat in | run $options
done 2>&1 | sed 's/.*parse //'
run good in
run -j 2 -p 1K good in good
cat in | run - good
rm good in
