#!/bin/sh
# Sorted results are merged as they are read, from files and pipes, with the same bytes.
"$WORDMILL" count "$SAMPLE" >whole
for n in 1 2 3 4 5 6; do
    "$WORDMILL" count --shard $n/6 -o part$n "$SAMPLE"
done
"$WORDMILL" sum --sorted part? | cmp - whole
"$WORDMILL" sum --sorted whole | cmp - whole
cat part2 | "$WORDMILL" sum --sorted part1 - part3 part4 part5 part6 -o sum && cmp sum whole
mkfifo fifo1 fifo2
for i in 1 2; do
    (head -c 1000 part$i && tail -c +1001 part$i) >fifo$i &
done
"$WORDMILL" sum --sorted fifo2 part6 part5 part4 part3 fifo1 | cmp - whole
wait
for options in "-w Aardvark -w nowhere" "--min-count 100" "--match ^A -n 5 -s word" "-n 3 -s word"; do
    "$WORDMILL" sum $options part? >sum
    "$WORDMILL" sum --sorted $options part? | cmp - sum
done
"$WORDMILL" sum --sorted --stats /dev/stdout -o sum part? | grep -E '"(lines|words)"'

# CSV as count writes it is in the order of its words, which quotes hide, and may have years.
printf '%s\n' 'a"b' 'a,b' '"a"' '""' ',' 'a' '"' "a'b" 'a""b' |
    awk '{ printf "%s\t%d\t%d\t1\n", $0, 1800 + NR, NR; printf "%s\t1999\t2\t1\n", $0 }' >words
for by in word year decade; do
    "$WORDMILL" count --by $by -O csv words "$SAMPLE" -o all.csv
    "$WORDMILL" count --by $by words "$SAMPLE" -o all.tsv
    "$WORDMILL" count --by $by -O csv words -o words.csv
    "$WORDMILL" count --by $by "$SAMPLE" -o sample.tsv
    "$WORDMILL" sum --sorted all.csv | cmp - all.tsv
    "$WORDMILL" sum --sorted words.csv sample.tsv | cmp - all.tsv
    "$WORDMILL" sum -O csv all.csv -o sum.$by
    "$WORDMILL" sum --sorted -O csv all.csv | cmp - sum.$by
    "$WORDMILL" sum all.csv words.csv -o sum.$by
    dd bs=50 status=none <all.csv | "$WORDMILL" sum --sorted - words.csv | cmp - sum.$by
    sed 's/$/\r/; 1s/^/\xef\xbb\xbf/' all.csv | "$WORDMILL" sum --sorted - words.csv | cmp - sum.$by
done
rm words ./*.csv ./*.tsv sum.*

echo "CRLF, no last LF, empty last lines, NUL, nothing, words that are prefixes"
printf 'a\t1\r\nb\t2' >odd
printf '\t1\n\ta\t4\na\t4\naaaaaaaa\t1\naaaaaaaaa\t1\n\n' >empty
printf 'a\000b\t5\naaaaaaaa\000\t5\n\r\n' >nul
: >nothing
"$WORDMILL" sum --sorted odd empty nothing nul nothing | tr '\000' 0

echo "a word asked for that --match keeps out is written with 0"
printf 'a\t1990\t1\nb\t1990\t2\n' >asked
for options in "" "--min-count 1" "--by year" "--value matches,volumes"; do
    for how in "" --sorted; do
        # shellcheck disable=SC2086
        "$WORDMILL" sum -q $how $options -w b -w a -w none -w "$(printf 'b\t1990')" --match '^a' asked >sum$how
    done
    cmp sum sum--sorted
    wc -l <sum
done
rm asked sum--sorted

fails() {
    "$WORDMILL" sum --sorted -o sum.new "$@" 2>&1
    echo "exit $?"
}
echo "what fails"
printf 'b\t1\na\t1\n' >bad
fails whole bad
cat bad | fails - whole
printf 'a\tx\nb\t1\n' | tee bad | fails -
printf 'a\tx\n' >bad
fails --on-bad-line skip bad whole && cmp sum.new whole
rm sum.new
printf 'a\t1\n\nb\t1\n' | fails
printf 'word,count\nb,1\n"a",1\n' | fails
printf 'word,count\na,1\n"b" ,1\n' | fails
printf 'word,count\na\nb,x\n,1\nword,count\n"",4\n' >bad
fails --on-bad-line skip --stats stats bad && cat sum.new && grep -E '"(lines|counted|filtered|rejected)"' stats
rm sum.new stats
printf 'a\t18446744073709551615\n' | fails - whole odd
fails whole no-such-file
fails -n 3 whole
fails --rejects x whole
rm whole part? sum odd empty nul nothing fifo? bad
