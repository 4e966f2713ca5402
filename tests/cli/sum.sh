#!/bin/sh
# Results add up to the result of all their inputs, from files and pipes, with any options.
"$WORDMILL" count "$SAMPLE" >whole
for n in 1 2 3 4 5 6; do
    "$WORDMILL" count --shard $n/6 -o part$n "$SAMPLE"
done
"$WORDMILL" sum part? | cmp - whole
cat part? | "$WORDMILL" sum -j 3 | cmp - whole
"$WORDMILL" sum -j 0 part1 - part5 part6 <<END | cmp - whole
$(cat part2 part3 part4)
END
"$WORDMILL" sum part[123] | "$WORDMILL" sum - part[456] -o sum && cmp sum whole
"$WORDMILL" sum -q -n 3 part? | cmp - - <<END
$("$WORDMILL" count -q -n 3 "$SAMPLE")
END
"$WORDMILL" sum --sort count -w Aardvark -w nowhere part?

echo "what stands before the last TAB is the word"
printf 'a\t1999\t3\nb\t1999\t1\na\t2000\t4\n' >years
"$WORDMILL" sum years years
echo "CRLF, no last LF, an empty last line, NUL, nothing"
printf 'a\t1\r\nb\t2' >odd
printf 'a\t4\n\n' >empty
printf 'a\000b\t5\n' >nul
: >nothing
"$WORDMILL" sum odd empty nothing nul | tr '\000' 0
rm whole part? sum years odd empty nul nothing
