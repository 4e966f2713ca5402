#!/bin/sh
# sum of results with several values: lines, CSV and tables, sorted or not; and what they are asked.
printf 'war\t1914\t10\t2\nwar\t1915\t5\t2\npeace\t1914\t7\t7\n' >v2
printf 'x\t1914\t1000\t3\nwar\t2000\t5\t1\n' >new
for file in v2 new; do
    for format in tsv csv wmt; do
        "$WORDMILL" count --value matches,volumes -o $file.$format $file
        "$WORDMILL" count --value matches,volumes --by year -o $file-year.$format $file
    done
    "$WORDMILL" count -o $file-one.wmt $file
done
"$WORDMILL" count --value matches,volumes v2 new >whole
"$WORDMILL" count --value matches,volumes --by year v2 new >years
"$WORDMILL" count --value matches,volumes -o whole.wmt v2 new
for files in "v2.tsv new.tsv" "v2.csv new.csv" "v2.wmt new.wmt" "v2.tsv new.wmt" "v2.csv new.wmt"; do
    for how in "-j 0" "-j 2 -m 8M"; do
        # shellcheck disable=SC2086
        "$WORDMILL" sum $how --value matches,volumes $files | cmp - whole
    done
done
"$WORDMILL" sum --sorted --value matches,volumes v2.tsv new.tsv | cmp - whole
"$WORDMILL" sum --sorted v2.wmt new.tsv | cmp - whole
"$WORDMILL" sum v2.csv new.csv | cmp - whole
"$WORDMILL" sum --sorted v2.csv new.csv | cmp - whole
"$WORDMILL" sum --sorted v2-year.csv new-year.csv | cmp - years
"$WORDMILL" sum v2.wmt new.csv | cmp - whole
"$WORDMILL" sum --sorted -o both.wmt v2.wmt new.wmt && cmp both.wmt whole.wmt
"$WORDMILL" sum -o both.wmt v2.wmt new.tsv && cmp both.wmt whole.wmt
"$WORDMILL" sum --value matches,volumes v2-year.tsv new-year.tsv | cmp - years
"$WORDMILL" sum v2-year.csv new-year.wmt | cmp - years
"$WORDMILL" sum -O table v2.csv | "$WORDMILL" sum --sorted --value matches,volumes - new.wmt | cmp - whole
"$WORDMILL" sum -O csv v2.wmt | "$WORDMILL" sum --value matches,volumes - new.csv | cmp - whole

# One value is the same file as ever.
od -A n -t x1 -j 16 -N 16 v2-one.wmt
od -A n -t x1 -j 16 -N 16 v2.wmt
for format in tsv csv jsonl; do "$WORDMILL" query -O $format v2.wmt war none; done
"$WORDMILL" query --prefix v2-year.wmt war

for ask in "-w war -w none -O jsonl v2.wmt new.wmt" "--sorted -w none v2.wmt" "-n 1 v2.wmt new.wmt" "--rank v2.csv" \
    "-O csv v2-year.wmt" "v2.tsv" "--sorted v2.tsv" "v2-year.tsv" "v2.wmt v2-one.wmt" "v2-one.wmt v2.wmt" \
    "--value volumes,matches v2.wmt" "--value matches v2.csv" "--value matches,volumes v2-one.wmt" \
    "--value volumes v2-one.wmt" "--value matches,volumes,pages v2.tsv" "--sorted --value pages,volumes v2.wmt"; do
    echo "$ask"
    # shellcheck disable=SC2086
    "$WORDMILL" sum $ask || echo "exit $?" >&2
done
"$WORDMILL" sum -O csv v2.wmt | "$WORDMILL" sum - || echo "exit $?" >&2
"$WORDMILL" sum -O table v2.wmt | "$WORDMILL" sum --sorted - || echo "exit $?" >&2

# Columns, with names and places for each.
printf 'a,1,2,3\nb,4,5,6\na,7,8,9\n' >table
for ask in "--value matches,volumes --value-column 2,4 -O csv" "--value volumes,records --value-column 4" "--value-column 2,4" \
    "--value matches,volumes" "--value matches,volumes --value-column 2,0"; do
    echo "$ask"
    # shellcheck disable=SC2086
    "$WORDMILL" count -f columns --delimiter , $ask table || echo "exit $?" >&2
done
rm -f v2* new* whole* years both.wmt table
