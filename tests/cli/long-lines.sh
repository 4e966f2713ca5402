#!/bin/sh
# A line of 2 MB is fine, a word of 65536 bytes too; one byte more is a bad line.
many() { head -c "$1" /dev/zero | tr '\0' "$2"; }
{
    printf 'a\t2000\t1\t1\na\t2001\t2\t'
    many 2000000 7
    printf '\nb\t2000\t4\t1\n'
} >in
for options in "-j 0" "-j 2" "-j 2 -p 4K" "-p 100000" "--partition-lines 1"; do
    "$WORDMILL" count $options in
    cat in | "$WORDMILL" count $options
done

{
    printf 'a\t2000\t1\t1\n'
    many 65536 w
    printf '\t2000\t3\t1\n'
    many 65536 w
    printf '\t2001\t4\t1\n'
    many 65535 w
    printf '\t2001\t5\t1\n'
} >in
{
    printf 'a\t1\n'
    many 65535 w
    printf '\t5\n'
    many 65536 w
    printf '\t7\n'
} >expected
for options in "-j 0" "-j 2" "-j 2 -p 1K" "-j 2 -p 4K -r 2" "--partition-lines 1"; do
    "$WORDMILL" count $options in | cmp - expected
    cat in | "$WORDMILL" count $options | cmp - expected
done
"$WORDMILL" count -w "$(many 65536 w)" in | tail -c 3

{
    printf 'a\t2000\t1\t1\n'
    many 65537 w
    printf '\t2000\t3\t1\n'
} >in
for options in "-j 0" "-j 2 -p 1K"; do
    "$WORDMILL" count $options in
    echo "exit $?"
done
"$WORDMILL" count --on-bad-line=skip --rejects rejects in
echo "exit $?"
cut -c 1-30 rejects
wc -c <rejects

echo "results by year have more than a word before the count"
{
    many 65536 w
    printf '\t1990\t3\t1\nb\t1990\t1\t1\n'
    many 65536 '"'
    printf '\t18446744073709551615\t5\t1\n'
} >in
for by in word year decade; do
    for output in result.tsv result.csv result.wmt; do
        "$WORDMILL" count --by $by -o $output in
    done
    for how in "-j 0" "-j 2" --sorted; do
        # shellcheck disable=SC2086
        for input in "--by $by result.tsv" result.tsv result.csv result.wmt; do
            "$WORDMILL" sum -q $how $input | cmp - result.tsv
        done
    done
    "$WORDMILL" query --prefix result.wmt '' | cmp - result.tsv
    many 65536 w | "$WORDMILL" query result.wmt | tail -c 8
done
printf '%s\t1990\n' "$(many 65536 w)" | "$WORDMILL" query result.wmt | tail -c 8
for input in "$(many 65537 w)\t1990\t1\n" "$(many 65536 w)\tx\t1\n" "$(many 65536 w)\t01990\t1\n"; do
    # shellcheck disable=SC2059
    printf "$input" | "$WORDMILL" sum | wc -c
done

echo "quotes that are written twice make no word too long"
{
    many 80000 '"'
    printf ',x,7\n'
} | sed 's/^/"/; s/,/",/' >in
"$WORDMILL" count -f columns --delimiter , --quote '"' in | tail -c 4
{
    printf '"'
    many 131074 '"'
    printf '",x,7\n'
} >in
"$WORDMILL" count -f columns --delimiter , --quote '"' in
rm in expected rejects result.*
