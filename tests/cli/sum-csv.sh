#!/bin/sh
# Lines of CSV have as many fields as their header, and ranks and shares are not added up.
status() {
    echo "$*"
    "$WORDMILL" sum "$@" 2>&1
    echo "exit $?"
}
printf 'word,count\na,1\na,b,5\n' >long
printf 'word,year,count\na,1990,1\na,5\n' >less
printf 'word,year,count\na,1990,1\na,1990,2,5\n' >year
printf 'word,decade,count\na,1995,1\n' >decade
printf 'word,year,count\na,b,1\n' >none
printf 'word,matches,volumes\na,1,2\na,1,2,3\n' >values
for file in long less year decade none values; do
    for how in "-j 0" --sorted; do
        # shellcheck disable=SC2086
        status $how $file
    done
done
status --on-bad-line skip --rejects rejects long year
status --on-bad-line skip --rejects rejects long
cat rejects

printf 'a\t1990\t3\t1\nb\t1990\t4\t1\n' >in
printf '1990,100,1,1' >totals
for by in word year; do
    for ask in --rank "--totals totals" "--rank --totals totals" "--rank --value matches,volumes"; do
        # shellcheck disable=SC2086
        "$WORDMILL" count --by $by $ask -o result.csv in
        # shellcheck disable=SC2086
        "$WORDMILL" count --by $by $ask -o result.tsv in
        for how in "-j 0" --sorted; do
            # shellcheck disable=SC2086
            status $how result.csv
        done
        status result.tsv
    done
done
rm -f long less year decade none values in totals result.csv result.tsv rejects
