#!/bin/sh
# --value matches,volumes: a column for each, in every format; order and ranks by the first.
tab=$(printf '\t')
printf 'war\t1914\t10\t3\t2\nwar\t1915\t5\t9\t2\npeace\t1914\t7\t1\t7\n' >v1
cut -f 1-3,5 v1 >v2
printf 'war\t1914,10,2\t1915,5,2\npeace\t1914,7,7\n' >v3
printf ' \t1914,1000,1,100\t1915,2000,1,100' >t
for options in "matches,volumes v2" "volumes,matches,records v2" "matches,volumes v3" "records,volumes v3" \
    "pages,matches,volumes,records v1" "matches,volumes --by year --fill-years -w war -w x v2" \
    "volumes,matches --rank -s count v2" "volumes,matches -n 1 v2" "volumes,matches --min-count 5 v2" \
    "matches,volumes -O csv v2" "matches,volumes --by year -O csv v3" "matches,volumes -O jsonl v2" \
    "volumes,matches --totals t v2" "matches, v2" "matches,matches v2" "matches,words v2" "matches,pages v2" \
    "matches,records -f text v2"; do
    echo "$options"
    # shellcheck disable=SC2086
    "$WORDMILL" count --value $options || echo "exit $?" >&2
done

# Against one value at a time, also where lines are unusual, or bad.
"$GENERATE" --lines 60000 --seed 7 >g
mawk 'NR % 97 == 0 { $3 = $3 "0000000000" } NR % 89 == 0 { $4 = $4 "00000000" } NR % 83 == 0 { $4 = $4 "x" }
    NR % 79 == 0 { $3 = "" } NR % 73 == 0 { $2 = "1" $2 } NR % 71 == 0 { $4 = $4 "\tmore" } NR % 67 == 0 { $4 = $4 "\r" }
    { print }' FS="$tab" OFS="$tab" g >odd
mawk -F "$tab" '$1 != word { if (NR > 1) print line; word = line = $1 } { line = line FS $2 "," $3 "," $4 } END { print line }' g >g3
for options in "g" "--by year g" "--years 1900-1950 g" "--by decade --years 1900-1955 -f v2 g" "-f v3 g3" "-f v3 --by year g3" \
    "-f v3 --years 1900-1950 g3" "--match ^a g" "--fold-case=dominant g"; do
    for value in matches volumes records; do
        # shellcheck disable=SC2086
        "$WORDMILL" count --value $value $options >$value
    done
    key=1 && case $options in *--by*) key=1,2 ;; esac
    cut -f $key matches >keys
    for value in matches volumes records; do mawk '{ print $NF }' $value >only && mv only $value; done
    paste matches volumes records >counts
    paste keys counts >expected
    for work in "-j 0" "-j 2 -p 100K" "-j 3 -m 8M -p 30K"; do
        # shellcheck disable=SC2086
        "$WORDMILL" count $work --value matches,volumes,records $options | if [ "$options" = "--fold-case=dominant g" ]; then
            cut -f 2 | cmp - matches
        else
            cmp - expected
        fi
    done
done
"$WORDMILL" count -q --value matches,volumes -j 0 --on-bad-line skip --rejects bad odd >expected
wc -l <bad
grep -c . expected
# A line counts if both of its values are numbers.
mawk -F "$tab" '{ sub(/\r$/, "") } $2 ~ /^[0-9]+$/ && $3 ~ /^[0-9]+$/ && $4 ~ /^[0-9]+$/ {
    m[$1] += $3; v[$1] += $4 } END { for (w in m) printf "%s\t%.0f\t%.0f\n", w, m[w], v[w] }' odd | sort >naive
cmp naive expected
for work in "-j 2 -p 10K" "-j 1 -p 1M" "--partition-lines 1000"; do
    # shellcheck disable=SC2086
    "$WORDMILL" count -q $work --value matches,volumes --on-bad-line skip --rejects bad2 odd | cmp - expected
    cmp bad bad2
done
rm -f v1 v2 v3 t g odd g3 matches volumes records keys counts expected naive bad bad2
