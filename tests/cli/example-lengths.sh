#!/bin/sh
# engine/examples/lengths.c: one map function, and the sum, the smallest and the largest.
printf 'a\t1999\t5\t1\nb\t1999\t18446744073709551615\t1\nlonger\t1999\t7\t1\na\t2000\t3\t1\n' >f
printf '\t1999\t4\t1\nlonger\t2000\t7\t1\n' >g
"$EXAMPLES/lengths" f g
printf 'bad\n' >>f
"$EXAMPLES/lengths" f
echo "exit $?"
rm f g
