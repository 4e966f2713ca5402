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
