#!/bin/sh
# Several outputs: none is there without the others, and no two are one file or an input.
printf 'a\t2000\t1\t1\n' >in
printf 'bad\n' >bad
run() {
    "$WORDMILL" count -q "$@"
    echo "exit $?" >&2
}
run -o out --stats /dev/full in
run -o /dev/full --stats stats in
run -f v2 -o out --stats stats bad
run -f v2 -o out --on-bad-line skip --rejects /dev/full bad
ls -A
echo "one file" >&2
ln -s out link
run -o out --stats out in
run -o out --stats ./link in
run -o out --rejects link --on-bad-line skip in
run --rejects x --stats x --on-bad-line skip in
echo "{}" >x
ln x y
run --stats x --rejects y --on-bad-line skip in
"$WORDMILL" bench -q --csv x --json y in
echo "exit $?" >&2
rm x y link
echo "{" >out
run -o out --stats - in >>out
cat out
rm out
echo "an input" >&2
cp in same
run --stats in in
run --rejects same --on-bad-line skip - <same
run --stats same --totals same in
"$WORDMILL" bench -q --csv in in
echo "exit $?" >&2
run --stats in </dev/null
cmp in same
echo "what may be" >&2
run -o same same
cat same
run -o /dev/null --stats /dev/null --rejects /dev/null --on-bad-line skip in
run --stats - in | sed 's/^ .*//' | uniq
ls -A
rm in bad same
