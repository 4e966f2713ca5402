#!/bin/sh
# A line of 64 MiB is a line, a longer one a bad line, in files and pipes alike; a hole in a file is
# a line of NULs.
many() { head -c "$1" /dev/zero | tr '\0' "$2"; }
mib=$((1 << 20))
{
    printf 'a\t2000\t1\t1\nb\t2000\t2\t'
    many $((64 * mib - 10)) x
    printf '\nc\t2000\t4\t1\n'
} >in
"$WORDMILL" count -j 2 in
cat in | "$WORDMILL" count -j 2

{
    printf 'a\t2000\t1\t1\nb\t2000\t2\t'
    many $((64 * mib - 9)) x
    printf '\nc\t2000\t4\t1\n'
    many $((65 * mib)) y
} >in
count() {
    "$WORDMILL" count --on-bad-line=skip --rejects rejects "$@"
    echo "exit $?"
    cut -f 2-6 rejects | cut -c 1-50
}
for options in "-j 0" "-j 2" "-j 2 -p 1000003" "-j 2 --partition-lines 1" "--partition-lines 3"; do
    count $options in >got 2>/dev/null
    cmp got expected 2>/dev/null || cat got
    cat in | count $options >got 2>/dev/null
    mv got expected
done
"$WORDMILL" count in
cat in | "$WORDMILL" count

echo "results"
{
    printf 'a\t1\n'
    many $((130 * mib)) y
    printf '\nz\t4\n'
} >sum.in
for options in "" --sorted; do
    for input in sum.in -; do
        # shellcheck disable=SC2086 # options
        "$WORDMILL" sum $options --on-bad-line=skip --stats stats $input <sum.in
        grep -E '"(lines|counted|rejected)"' stats
    done
done

truncate -s 200M in
count -j 2 --stats stats in >got 2>/dev/null
sed -n 's/.*"bytes": *\([0-9]*\).*/\1/p' stats | head -n 1
: >in
truncate -s 200M in
"$WORDMILL" count in
rm in sum.in got expected rejects stats
