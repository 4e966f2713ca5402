#!/bin/sh
# engine/examples/count.c: all words as the command has them, or some of them.
"$WORDMILL" count -o expected "$SAMPLE"
"$EXAMPLES/count" "$SAMPLE" | cmp - expected && echo "all words are there"
printf 'cat\t1999\t2\t1\ndog\t1999\t1\t1\ncat\t2000\t3\t1\n' >f
"$EXAMPLES/count" f cat cow dog
"$EXAMPLES/count" nothing
echo "exit $?"
"$EXAMPLES/count" f >/dev/full
echo "exit $?"
"$EXAMPLES/count"
echo "exit $?"
rm expected f
