#!/bin/sh
# Standard input: a pipe, a file, the rest of a file, among files, empty, a folder, closed.
printf 'skipped\nb\t2000\t1\t1\na\t2000\t2\t1\n' >f
sed 1d f >g

echo "a pipe"
cat g | "$WORDMILL" count
cat g | "$WORDMILL" count -j 0 -
echo "a file"
"$WORDMILL" count <g
echo "the rest of a file"
{
    read -r line
    echo "$line"
    "$WORDMILL" count -j 2 -p 1
} <f
{
    read -r line
    "$WORDMILL" count -j 0 --partition-lines 1
} <f
{
    cat >/dev/null
    "$WORDMILL" count
} <f
echo "among files, and only once"
cat g | "$WORDMILL" count g - g -
"$WORDMILL" count - g <g
echo "empty"
"$WORDMILL" count </dev/null
: | "$WORDMILL" count
rm f g

mkdir folder
run() {
    "$WORDMILL" count "$@"
    echo "exit $?" >&2
}
run <folder
run - <&-
rmdir folder
