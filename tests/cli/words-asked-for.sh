#!/bin/sh
# -w keeps only the words that are asked for; one that is not there is written with 0.
printf 'cat\t1999\t3\t1\nbee\t2000\t4\t1\nAnt\t2000\t1\t1\ncat\t2001\t1\t1\ncats\t2001\t9\t1\n' >f
for options in "-w cat" "-w cat -w Ant" "-w zebra" "-w cat -w zebra -w cat" "-w zebra -w ape -j 0" \
    "-w zebra -w cat -w bee -n 2" "-w bee -w cat -s count -p 1" "-w zebra -w ape -s word -n 1"; do
    echo "$options"
    "$WORDMILL" count $options f
done
echo "nothing to read"
"$WORDMILL" count -w cat -w '' -w 'two words' </dev/null
rm f
