#!/bin/sh
# What an input is, is told for certain or not at all: then one line says what it looks like, and
# what to do. What that says is tried.
say() {
    for file; do
        "$WORDMILL" count "$file" >out
        echo "exit $?, $(wc -c <out) bytes"
        "$WORDMILL" count <"$file" >out
        cat "$file" | "$WORDMILL" count -p 1 >out
    done
}
printf 'cat\ndog\ncat\n' >list
printf 'It was\tthe best of times\nit was the worst\n' >"tabs"
printf 'the\t900\nof\t800\n' >counts
printf 'the 900\nof 800\n' >pairs
printf 'w,y,n\n"a, b",1990,5\nc,1991,6\n' >commas.csv
printf 'a;x;5\nb;y;6\n' >semicolons.csv
printf 'the\t54\t1\t6.500000\t6.500000\n' >ranks
printf ' \t2007,1000000,900,30\t2008,2000000,1000,40\t' >totals
printf 'ant\t1990\t3\t1\rant\t1991\t4\t1\r' >mac
printf 'ant\t1990\t3\t1\n' | iconv -t UTF-16LE >wide
printf 'ant\t1990\t3\t1\n' | iconv -t UTF-32BE >wider
printf 'a na\357ve caf\351 is here\n' >latin
printf '\177ELF\002\001\001\000\000 a\n' >binary
printf 'it is as it is\nand so on it goes\na\t1\t1\t1\n' >mixed
echo '<?xml version="1.0"?><p>Call me</p>' >xml
echo '{"word":"of the","count":3}' >json
printf 'ant 1990 3 1\nbee 1991 4 1\n' >blanks
echo 'Call me Ishmael.' >text
printf 'ant\t1990\t3\t1\n' >v2
"$WORDMILL" sum -o table.wmt counts
say list tabs counts pairs commas.csv semicolons.csv ranks totals mac wide wider latin binary mixed table.wmt xml json blanks
echo "and so"
"$WORDMILL" sum counts
"$WORDMILL" count --format columns --value-column 2 counts
"$WORDMILL" count --format columns --delimiter ' ' --value-column 2 pairs
"$WORDMILL" count --format columns --delimiter ' ' --value-column 3 blanks
"$WORDMILL" count --format columns --delimiter , --key-column 1 --value-column 2 --quote '"' --header commas.csv
"$WORDMILL" count --format columns --delimiter ';' --key-column 1 --value-column 3 semicolons.csv
tr '\r' '\n' <mac | "$WORDMILL" count
iconv -f UTF-16LE -t UTF-8 wide | "$WORDMILL" count
iconv -f UTF-32BE -t UTF-8 wider | "$WORDMILL" count
"$WORDMILL" query table.wmt the
"$WORDMILL" count --format text mac | head -n 1

echo "among others"
echo '<!DOCTYPE html><p>404 not found' >b.gz
"$WORDMILL" count b.gz
"$WORDMILL" count v2 text
"$WORDMILL" count text v2
cat text | "$WORDMILL" count v2 -
cat v2 | "$WORDMILL" count - text
: >empty
"$WORDMILL" count text empty text
"$WORDMILL" count --format text text b.gz | wc -l
"$WORDMILL" count v2 empty v2

echo "given, but not so"
"$WORDMILL" count --format v2 mac
"$WORDMILL" count --format v2 wide
"$WORDMILL" count --format columns --delimiter , --value-column 2 commas.csv
"$WORDMILL" count --format v2 text
"$WORDMILL" count --format v2 --on-bad-line skip text
for file in v2 text mac wide totals; do
    "$WORDMILL" sum "$file"
    cat "$file" | "$WORDMILL" sum --sorted
done
for file in v2 counts text; do
    "$WORDMILL" query "$file" a
done
rm -- *
