#!/bin/sh
# A byte order mark and lines of a header are no data, wherever they are read: in files and pipes,
# packed or not, cut up in any way.
mark=$(printf '\357\273\277')
header='ngram	year	match_count	volume_count'
"$WORDMILL" count "$SAMPLE" >expected
printf '%s' "$mark" | cat - "$SAMPLE" >marked
{
    printf '%s' "$mark"
    echo "$header"
    echo 'and another'
    cat "$SAMPLE"
} >both
gzip -c marked >marked.gz
gzip -c both >both.gz
# Members of a line or two, so that the header ends in the second one.
{
    head -n 1 both | gzip -c
    tail -n +2 both | gzip -c
} >members.gz
for options in "-j 0" "-j 2 -p 1000" "-p 1" "--partition-lines 333"; do
    # shellcheck disable=SC2086
    for header in "marked " "marked.gz " "both --header=2" "both.gz --header=2" "members.gz --header=2"; do
        "$WORDMILL" count $options ${header#* } ${header%% *} | cmp - expected
        cat ${header%% *} | "$WORDMILL" count $options ${header#* } | cmp - expected
        "$WORDMILL" count $options ${header#* } - <${header%% *} | cmp - expected
    done
done
for share in 1 2 3; do
    "$WORDMILL" count --header=2 --shard $share/3 --stats stats -o share$share both both
    grep -E '"(lines|filtered)"' stats
done
"$WORDMILL" count both both --header=2 -o twice
"$WORDMILL" sum share1 share2 share3 | cmp - twice

echo "lines are numbered from the start of the file"
printf '%sa\nb\nw\t1\t1\t1\nbad\nw\t2\t2\t2\n' "$mark" >in
gzip -c in >in.gz
for file in in in.gz; do
    "$WORDMILL" count --header=2 $file
    cat $file | "$WORDMILL" count --header=2
    "$WORDMILL" count --header=2 --on-bad-line skip --rejects rejects -o out.tsv --stats stats $file
    cat rejects out.tsv
    grep -E '"(lines|counted|filtered|rejected)"' stats
done
echo "no more than there are"
for n in 5 6 9223372036854775807; do
    "$WORDMILL" count --header=$n in
    "$WORDMILL" count --header=$n in.gz
    cat in | "$WORDMILL" count --header=$n
done
printf 'no line end' >in
"$WORDMILL" count --header --stats stats in
cat in | "$WORDMILL" count --header --stats more
grep -E '"(lines|filtered)"' stats more

echo "in other formats"
printf '%sa\t1999,1,2\t2000,2,2\t\r\n' "$mark" >v3
printf '%sdon juan\n' "$mark" >text
printf '%sa;1\nb;2\n' "$mark" >columns
printf '%sa\t1\nb\t2\n' "$mark" >counts
"$WORDMILL" count v3
"$WORDMILL" count text
"$WORDMILL" count -f columns --delimiter ';' --value-column 2 columns
"$WORDMILL" sum counts
"$WORDMILL" sum --sorted counts
cat counts | "$WORDMILL" sum --sorted
printf '%s \t1999,10,1,1\t2000,20,1,1\t' "$mark" >totals
"$WORDMILL" count --by year --totals totals v3
rm -- *
