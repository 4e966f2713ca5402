#!/bin/sh
# Sequences of words of a line, whatever is between them, and whatever else is asked for.
printf 'To be, or not\nto be: THAT is\r\n\nto\nbe to be  to be' >in
count() {
    echo "== $*"
    "$WORDMILL" count -f text "$@" in
}
count --ngrams 2
count --ngrams 1-3 --fold-case --top 5
count --ngrams 4-9
count --ngrams 2 --fold-case=dominant -w 'TO BE'
count --ngrams 2 --match '^to ' --min-count 2
count --ngrams 2 --tokens blanks
count --ngrams 2 --normalize none --tokens letters -n 1
"$WORDMILL" count --ngrams 2-3 --fold-case in >all
for pieces in "-p 1" "-p 5 -j 3" "--partition-lines 2" "-j 0" "-m 4M -j 1"; do
    "$WORDMILL" count --ngrams 2-3 --fold-case $pieces in | cmp - all
done
"$WORDMILL" count --ngrams 2-3 --fold-case -f text <in | cmp - all
gzip -c in | "$WORDMILL" count --ngrams 2-3 --fold-case -f text | cmp - all
"$WORDMILL" count --ngrams 2 in >two
"$WORDMILL" count --ngrams 3 in >three
"$WORDMILL" count --ngrams 2-3 in >both
"$WORDMILL" sum two three | cmp - both
echo "== what does not go together"
for options in "--ngrams 0" "--ngrams 10" "--ngrams 3-2" "--ngrams 2-" "--ngrams x" "--ngrams" \
    "--tokens words" "--normalize nfd" "-f v2 --ngrams 2" "-f v3 --tokens letters" "-f columns --normalize none"; do
    "$WORDMILL" count $options in
    echo "$options: exit $?"
done
printf 'a\t1999\t1\t1\n' >in
"$WORDMILL" count --tokens letters in
echo "exit $?"
rm in all two three both
