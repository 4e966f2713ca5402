#!/bin/sh
# A table file is looked up, by word and by prefix, and added up with other results.
"$WORDMILL" count -o whole "$SAMPLE"
for n in 1 2 3; do
    "$WORDMILL" count --shard $n/3 -o part$n.wmt "$SAMPLE"
    "$WORDMILL" count --shard $n/3 -o part$n "$SAMPLE"
done
"$WORDMILL" sum -o whole.wmt part1 part2.wmt part3.wmt && "$WORDMILL" sum whole.wmt | cmp - whole
cat part2.wmt | "$WORDMILL" sum --sorted part1.wmt - part3 -o merged.wmt
"$WORDMILL" query --prefix merged.wmt '' | cmp - whole
"$WORDMILL" sum --sorted -O table whole | "$WORDMILL" sum --sorted | cmp - whole
"$WORDMILL" sum -j 3 -w Aardvark -w nowhere part?.wmt

cut -f 1 whole | "$WORDMILL" query whole.wmt | cmp - whole
"$WORDMILL" query whole.wmt Aardvark nowhere '' Aardvark
printf 'Aardvark\r\nnowhere' | "$WORDMILL" query -O csv whole.wmt
"$WORDMILL" query --prefix whole.wmt Aard nowhere -O jsonl
grep -c '^Ab' whole
"$WORDMILL" query --prefix whole.wmt Ab | wc -l | tr -d ' '
: | "$WORDMILL" count -o empty.wmt
"$WORDMILL" query empty.wmt a
"$WORDMILL" query --prefix empty.wmt ''
"$WORDMILL" count --by year -o years.wmt "$SAMPLE"
"$WORDMILL" query --prefix years.wmt "$(printf 'Aardvark\t')" | head -n 3

fails() {
    "$WORDMILL" "$@" >&2
    echo "exit $?" >&2
}
echo "of a word with a NUL byte the first half is another word"
printf 'a\000b\t1990\t3\t1\na\t1990\t4\t1\n' | "$WORDMILL" count -o nul.wmt
printf 'a\na\000b\na\n' | "$WORDMILL" query nul.wmt || echo "exit $?"
"$WORDMILL" query --prefix nul.wmt a | tr '\000' 0
rm nul.wmt

fails query
fails query no-such-file a
fails query whole a
fails query . a
fails query -O table whole.wmt a
head -c 1000 whole.wmt >cut.wmt
fails query cut.wmt a
fails sum -o out cut.wmt
fails sum --sorted -o out cut.wmt
fails count -q -n 3 -o top.wmt "$SAMPLE"
fails count -s count -O table "$SAMPLE"
"$WORDMILL" count -s none -O table "$SAMPLE" | "$WORDMILL" sum --sorted | cmp - whole
"$WORDMILL" count -q -n 3 "$SAMPLE" | "$WORDMILL" sum -o top.wmt
"$WORDMILL" query --prefix top.wmt ''
"$WORDMILL" count -q -n 3 -s word -o top.wmt "$SAMPLE"
"$WORDMILL" query --prefix top.wmt ''
fails count --rank -o rank.wmt "$SAMPLE"
cat whole.wmt | fails sum
rm whole part? ./*.wmt
