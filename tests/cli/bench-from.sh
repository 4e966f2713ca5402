#!/bin/sh
# --from reports anew what --json saved; --compare sets one bench against another.
"$GENERATE" --lines 20000 >in
"$WORDMILL" bench -q -p 16K,64K -j 1,2 --runs 6 --json runs.json --csv runs.csv --markdown runs.md in >text
"$WORDMILL" bench -q --from runs.json --json again.json --csv again.csv --markdown again.md >text2
echo "exit $?"
for ending in json csv md; do
    cmp runs.$ending again.$ending && echo "$ending is the same"
done
cmp text text2 && echo "so are the tables"
# As wide as it is said to be.
for width in 60 1 x; do
    COLUMNS=$width "$WORDMILL" bench -q --from runs.json | awk -v most=$width \
        'length > n { n = length } END { print most ": " (n <= 60 ? "narrow" : "wide") }'
done
# What ran four times as long a while ago; and the other way round.
sed -E '/"configuration": [0-9]+, "round"/s/"seconds": 0\.0*/"seconds": 9./' runs.json >slow.json
"$WORDMILL" bench -q --from runs.json --compare slow.json --max-slowdown 5% >text
echo "exit $?"
grep -c ' faster$' text
"$WORDMILL" bench -q --from slow.json --compare runs.json --max-slowdown 5 >text 2>message
echo "exit $?"
grep -c ' slower$' text
grep -c '% slower .* which is more than 5%$' message
# One of other configurations, and one of other input.
"$WORDMILL" bench -q -p 4K -j 1 --runs 1 --json other.json in >text
"$WORDMILL" bench -q --from runs.json --compare other.json >text
echo "exit $?"
sed 's/"words": [0-9]*/"words": 1/' runs.json >other.json
"$WORDMILL" bench -q --from runs.json --compare other.json >text
echo "exit $?"
echo "what is no report" >&2
: >empty.json
sed '$d' runs.json >cut.json
sed 's/bench\/2/bench\/1/' runs.json >old.json
sed 's/"map_seconds": [0-9.]*/"map_seconds": -1/' runs.json >negative.json
sed 's/"map_seconds"/"other_seconds"/' runs.json >missing.json
sed 's/"configuration": 5, "round": 2/"configuration": 500, "round": 2/' runs.json >far.json
sed 's/"round": 6/"round": 4000000000/' runs.json >rounds.json
sed 's/"same_as": 2/"same_as": 99/' runs.json >same.json
sed 's/"workers": \[1, 2\]/"workers": [1, 2, 3]/' runs.json >axes.json
sed 's/"files": \["in"\]/"files": [7]/' runs.json >files.json
echo '[]' >list.json
for file in empty cut old negative missing far rounds same axes files list nothing; do
    "$WORDMILL" bench --from $file.json >text
    echo "exit $?" >&2
done
# Every edit is of a value that cannot be: another type, too large, or not what others say.
while read -r edit; do
    sed "$edit" runs.json >edited.json
    cmp -s runs.json edited.json && echo "nothing is edited by $edit"
    "$WORDMILL" bench --from edited.json >text && echo "taken all the same: $edit"
done >&2 <<'END'
s/"cold": false/"cold": "no"/
s/"interrupted": false/"interrupted": 0/
s/"other": null/"other": 7/
s/"error": null/"error": [1]/
s/"command": \[/"command": "x", "was": [/
s/"files": \[/"files": {}, "were": [/
s/"summary": \[/"summary": 1, "was": [/
s/"runs": \[/"runs": [], "were": [/
s/"load": .*/"load": 7,/
s/"cpu": "/"cpu": 1, "was": "/
s/"cpus": [0-9]*}/"cpus": 5000000000}/
s/"warmup": 1/"warmup": 1e300/
s/"workers": \[1, 2\]/"workers": ["1", 2]/
s/"workers": \[1, 2\]/"workers": [2, 1]/
s/"workers": \[1, 2\]/"workers": [1, 1]/
s/"workers": \[1, 2\]/"workers": [1, 5000000000]/
s/"workers": \[1, 2\]/"workers": [-1, 2]/
s/"fan_ins": \[0\]/"fan_ins": []/
s/"seconds": [0-9.]*, "user/"seconds": 1e300, "user/
s/"seconds": [0-9.]*, "user/"seconds": 1e-300, "user/
s/"seconds": [0-9.]*, "user/"seconds": 1e999, "user/
s/"partitions": [0-9]*, "largest/"partitions": 1.5, "largest/
s/"partitions": [0-9]*, "largest/"partitions": 123456789012345678901234567890, "largest/
s/"round_seconds": \[[^]]*\]/"round_seconds": "x"/
s/"rounds": [0-9]*, "round_seconds": \[[^]]*\]/"rounds": 3, "round_seconds": [1, 2]/
s/"rounds": [0-9]*, "round_seconds": \[[^]]*\]/"rounds": 2, "round_seconds": [1, "2"]/
s/"cached": null/"cached": 7/
END
mkdir folder
"$WORDMILL" bench --from folder >text
echo "exit $?" >&2
rmdir folder
# What it names is text, whatever is in it.
sed 's/"date": "/"date": "\\"/; s/"cpu": "/"cpu": "\\u0001\\\\/' runs.json >odd.json
"$WORDMILL" bench -q --from odd.json --json again.json >text
"$WORDMILL" bench -q --from again.json --json odd.json >text && cmp again.json odd.json
run() {
    "$WORDMILL" bench "$@" >text
    echo "exit $?" >&2
}
run --from runs.json in
run --from runs.json -j 2
run --from runs.json --by year
run --from runs.json --json runs.json
run --compare cut.json in
run --max-slowdown 5% in
run --max-slowdown x --compare runs.json in
run --against "$WORDMILL" --compare runs.json in
rm ./*.json ./*.csv ./*.md in text text2 message
