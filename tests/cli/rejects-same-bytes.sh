#!/bin/sh
# Workers and partitions change nothing in the rejects; a pipe only the name.
awk 'BEGIN {
    for (i = 0; i < 2000; i++)
        if (i % 7 == 3) print "too few" i
        else if (i % 7 == 5) print "year\tx" i "\t1\t1"
        else if (i % 50 == 6) printf "count\t2000\t-\tsome text to fill the line %0" i % 1000 "d\n", i
        else print "word" i % 10 "\t2000\t" i "\t1"
    print ""
}' >in
awk -F'\t' 'NF == 4 && $2 == 2000 && $3 != "-" { sum[$1] += $3 }
    END { for (w in sum) print w "\t" sum[w] }' in | sort >expected
awk -F'\t' '
    { size = length($0) + 1 }
    NF == 1 && size > 1 { print "in\t" NR "\t" offset + 0 "\ttoo few fields\t" $0 }
    NF == 4 && $2 !~ /^[0-9]+$/ { print "in\t" NR "\t" offset "\tbad year\t" $0 }
    NF == 4 && $3 !~ /^[0-9]+$/ { print "in\t" NR "\t" offset "\tbad count\t" $0 }
    { offset += size }' in >expected-rejects
check() {
    "$WORDMILL" count --on-bad-line=skip -q --rejects rejects -o out.tsv "$@"
    [ $? -eq 3 ] || echo "$*: not 3"
    cmp out.tsv expected
    sed 's/^-/in/' rejects | cmp - expected-rejects && echo "$*" >>equal
}
for partition in "" "-p 100" "-p 4K" "--partition-lines 7" "--partition-lines 333"; do
    for workers in 0 1 2 7; do
        check $partition -j "$workers" in
        check $partition -j "$workers" - <in
        cat in | check $partition -j "$workers"
    done
done
echo "$(wc -l <expected-rejects) rejects, $(wc -l <equal) times equal"
rm in out.tsv rejects expected expected-rejects equal
