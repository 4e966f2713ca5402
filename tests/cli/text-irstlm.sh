#!/bin/sh
# Sequences have the numbers that IRSTLM counts, in lines that it is told begin and end.
ngt=/usr/lib/irstlm/bin/ngt
[ -x $ngt ] || exit 77
mawk 'BEGIN {
    srand(1)
    for (i = 0; i < 2000; i++) {
        line = ""
        for (j = int(rand() * 12); j >= 0; j--)
            line = line " w" int(rand() * rand() * 40)
        print substr(line, 2)
    }
}' >in
# It goes on from line to line, so these get ends that no sequence of ours has.
sed 's/^/<s> <s> <s> /; s/$/ <\/s> <\/s> <\/s>/' in >ends
for n in 1 2 3; do
    $ngt -i=ends -n=$n -gooout=y -o=found >/dev/null 2>&1
    grep -av -e '<' -e '^$' found | LC_ALL=C sort >wanted
    "$WORDMILL" count -f text --tokens blanks --ngrams $n in | cmp - wanted && echo "$n: same"
done
rm in ends found wanted
