#!/bin/sh
# UTF-16 with a byte order mark has the words of the same text in UTF-8, in files and in pipes, for
# the formats text and auto.
command -v iconv >/dev/null || exit 77
# The file "in" with the mark of either order of bytes.
encode() {
    {
        printf '\377\376'
        iconv -f utf-8 -t utf-16le in
    } >le
    {
        printf '\376\377'
        iconv -f utf-8 -t utf-16be in
    } >be
}
i=0
while [ $i -lt 300 ]; do
    printf 'r\303\251sum\303\251 %d of \320\274\320\270\321\200 \360\237\230\200 don\342\200\231t\r\n' $((i * i % 37))
    i=$((i + 1))
done >in
"$WORDMILL" count -f text --ngrams 1-2 in >wanted
encode
printf 'no more words\n' >other
"$WORDMILL" count -f text in in other >three
for name in le be; do
    for options in "" "-f text" "-f auto -p 100" "--partition-lines 7 -j 2" "-j 0"; do
        "$WORDMILL" count --ngrams 1-2 $options $name | cmp - wanted && echo "$name $options: same"
    done
    "$WORDMILL" count --ngrams 1-2 <$name | cmp - wanted && echo "$name as standard input: same"
    cat $name | "$WORDMILL" count --ngrams 1-2 -f text | cmp - wanted && echo "$name in a pipe: same"
done
"$WORDMILL" count le be other | cmp - three && echo "several files: same"
for shard in 1/3 2/3 3/3; do
    "$WORDMILL" count --shard $shard le be other
done >shards
"$WORDMILL" sum shards | cmp - three && echo "shards: same"
echo "== the mark is no part of the first word"
printf 'word word other\nword\n' >in
{
    printf '\357\273\277'
    cat in
} >utf-8
encode
for tokens in uax29 letters blanks; do
    "$WORDMILL" count -f text --tokens $tokens in >wanted
    for name in utf-8 le be; do
        for options in "-j 0" "-j 2 -p 3" "--partition-lines 1" "--ngrams 1-1"; do
            # shellcheck disable=SC2086
            "$WORDMILL" count -f text --tokens $tokens $options $name | cmp - wanted
        done
        cat $name | "$WORDMILL" count -f text --tokens $tokens | cmp - wanted
        "$WORDMILL" count -f text --tokens $tokens $name $name |
            sed 's/\t6/\t3/; s/\t2/\t1/' | cmp - wanted
    done
    gzip -c utf-8 | "$WORDMILL" count -f text --tokens $tokens | cmp - wanted && echo "$tokens: same"
done
rm utf-8
echo "== lines in columns may be UTF-16 too"
{
    printf '\377\376'
    printf 'word\t1999\t7\t1\n' | iconv -f utf-8 -t utf-16le
} >in
"$WORDMILL" count in
echo "== cut in a character, and a surrogate alone"
printf '\376\377\0a\0' >in
"$WORDMILL" count -f text in
echo "exit $?"
printf '\376\377\0a\330\075\0b' >in
"$WORDMILL" count -f text in
echo "== of other formats it is an error"
printf '\376\377\t1999\t7\t1\n' >in
"$WORDMILL" count -f v2 in
echo "exit $?"
rm in le be other wanted three shards
