#!/bin/sh
# --match keeps the words that a regular expression matches, --min-count those with so many in all.
tab=$(printf '\t')
{
    printf 'cat\t1999\t3\t1\nbee\t2000\t4\t1\nAnt\t2000\t1\t1\ncat\t2001\t1\t1\nconcat\t2001\t9\t1\n'
    printf 'it'"'"'s\t1999\t2\t1\na\\b\t1999\t2\t1\n"q"\t1999\t2\t1\n\303\251t\303\251\t1999\t2\t1\nx\0y\t1999\t1\t1\n'
} >f
for options in "--match cat" "--match ^cat" "--match ^(cat|bee)\$" "--match ^.{3}\$" "--match [[:upper:]]" \
    "--min-count 4" "--min-count 5" "--min-count 10" "--min-count 4 -n 1" "--match a --min-count 2 -s count" \
    "--match e -w cat -w bee" "--min-count 4 -w bee -w cow -w cat -p 1"; do
    echo "$options"
    "$WORDMILL" count $options f
done
echo "what else words may hold"
for regex in "'" '[\\]' '"' é 'x.?y' 'y$'; do
    "$WORDMILL" count --match "$regex" f | tr '\0' 0
done

echo "characters, and bytes where there are none"
printf '%s\t1\t1\t1\n' мир école fée hotel हिन्दी 'caf\303' >f2
printf 'caf\351\t1\t1\t1\n' >>f2
for regex in '^[а-я]+$' '^.{5}$' '^[[:alpha:]]+$' '^\p{Devanagari}+$' '^(\p{L}|\p{M})+$' '(?i)ÉCOLE' '^caf.$' '^...\xe9'; do
    echo "$regex"
    "$WORDMILL" count --match "$regex" f2
done
printf '%s\t1\t1\t1\n' xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx! >f2
for workers in 0 2; do
    "$WORDMILL" count -j $workers --match '^(x+x+)+$' f2
    echo "exit $?" >&2
done
rm f2

# Against mawk, which knows no intervals.
"$WORDMILL" count "$SAMPLE" >words
for regex in '^A' 'ing$' '[aeiou][aeiou]' '^[A-Z]+$|x'; do
    for n in 1 1000 300000; do
        mawk -F "$tab" -v n=$n -v regex="$regex" '$2 >= n && $1 ~ regex' words >expected
        for workers in 0 1 2; do
            "$WORDMILL" count --match "$regex" --min-count $n -j $workers -p 3K "$SAMPLE" | cmp - expected
        done
    done
done

for options in "--match (" "--match [a" "--min-count 0" "--min-count x"; do
    "$WORDMILL" count $options f
    echo "exit $?" >&2
done
rm f words expected

# Only --word may be given several times. Of others the last one counts, and a line says so.
printf 'cat\t1990\t3\t1\ndog\t1991\t4\t1\n' >f
for options in "--match c --match d" "--match c --match c" "--years 1990 --years 1991" "-w cat -w dog" "-j 1 -j 0" \
    "-q --match c --match d" "-n 2 -n 1" "--value matches --value records" "-o nowhere/f -o -"; do
    echo "$options" >&2
    # shellcheck disable=SC2086
    "$WORDMILL" count $options f >&2
done
rm f
