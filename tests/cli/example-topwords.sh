#!/bin/sh
# engine/examples/topwords.c: a map function that splits text into words.
printf "Fischers Fritz fischt frische Fische,\r\nfrische Fische fischt Fischers Fritz.\r\n" >text
printf 'na\303\257ve \342\200\234Fritz\342\200\235 na\303\257ve\377Fische \342\200\224 naïve' >>text
"$EXAMPLES/topwords" text
echo "two files"
yes 'one two  two;three-three(three)' | head -n 1000 >lines
"$EXAMPLES/topwords" lines text | head -n 3
"$EXAMPLES/topwords" nothing
echo "exit $?"
rm text lines
