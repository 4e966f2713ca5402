#!/bin/sh
# The same numbers in every format have the same sums, and those are what mawk adds up, for every
# value, range of years and grouping, whole and in small pieces.
command -v mawk >/dev/null || exit 77
# word TAB year TAB matches TAB pages TAB volumes; words come back, and some are odd.
mawk -v seed=7 'BEGIN {
    srand(seed)
    n = split("a|the|W_hat|AFFECTS_|it'\''s|\"quoted\"|back\\slash|with blanks in it|1,000|,|x,y,z|" \
        "caf\303\251|a word of a good deal more than 32 bytes|_NOUN_|%s|\001", words, "|")
    for (run = 0; run < 60; run++) {
        word = words[int(rand() * n) + 1]
        year = 1690 + int(rand() * 200)
        for (i = int(rand() * 90) + 1; i > 0; i--) {
            matches = int(rand() * (rand() < 0.1 ? 2000000000 : 900)) + 1
            printf "%s\t%d\t%d\t%d\t%d\n", word, year, matches, matches * 2, int(matches / 3) + 1
            year += 1 + int(rand() * 3)
        }
    }
}' >v1
cut -f 1,2,3,5 v1 >v2
mawk -F '\t' '$1 != word || $2 <= year { if (NR > 1) printf "\n"; printf "%s", $1 }
    { printf "\t%d,%d,%d", $2, $3, $4; word = $1; year = $2 }' v2 >v3 # no LF at its end
sed 's/$/\r/' v2 >crlf
mawk -F '\t' '{ printf "%d|%d|%d|%s\n", $2, $3, $4, $1 }' v2 >columns

# expected VALUE FROM TO BY
expected() {
    mawk -F '\t' -v value="$1" -v from="$2" -v to="$3" -v by="$4" '$2 >= from && $2 <= to {
        key = $1
        if (by == "year") key = key "\t" $2
        if (by == "decade") key = key "\t" $2 - $2 % 10
        n[key] += value == "matches" ? $3 : value == "pages" ? $4 : value == "volumes" ? $5 : 1
    } END { for (key in n) printf "%s\t%.0f\n", key, n[key] }' v1 | LC_ALL=C sort >expected
    [ -s expected ] || echo "nothing is expected"
}
# same OPTIONS FILE: the output, whose lines are all different, is what was expected
same() {
    # shellcheck disable=SC2086
    "$WORDMILL" count $1 "$2" | LC_ALL=C sort | cmp - expected || echo "different: $1 $2"
}
for by in word year decade; do
    for years in 0-9999 1700-1799 1755-1755 -1802 1850-; do
        from=${years%-*} to=${years#*-}
        for value in matches volumes records pages; do
            expected $value "${from:-0}" "${to:-99999}" $by
            options="--value $value --years $years --by $by"
            same "$options" v1
            [ $value = pages ] && continue
            for pieces in "-j 2" "-j 0 -p 100" "-j 2 --partition-lines 7"; do
                for file in v2 v3 crlf; do
                    same "$options $pieces" $file
                done
            done
        done
    done
    echo "same by $by"
done

columns="-f columns --delimiter | --key-column 4"
expected matches 0 9999 word
same "$columns --value-column 2" columns
same "$columns --value-column 2 -p 50" columns
expected volumes 0 9999 word
same "$columns" columns
expected records 0 9999 word
same "$columns --value records" columns
cat v3 >mixed # of no one format
"$WORDMILL" count -v v1 v2 v3 -o out 2>messages
grep formats messages
expected matches 0 9999 word
mawk -F '\t' '{ printf "%s\t%.0f\n", $1, 3 * $2 }' expected >sums
LC_ALL=C sort out | cmp - sums
expected matches 0 9999 year
"$WORDMILL" count --by year v2 | cmp - expected && echo "the order is that of sort"
"$WORDMILL" count --by year -w the --match '^t' v2 >out
grep '^the	' expected | cmp - out && echo "-w and --match look at the word"
"$WORDMILL" count --stats stats --years 1700-1709 v2 >out
mawk -F '\t' '{ n += $2 >= 1700 && $2 <= 1709 } END { print n, NR - n }' v2
sed -n 's/^ *"counted": \(.*\),/\1/p; s/^ *"filtered": \(.*\),/\1/p' stats | paste -s -d ' '
rm v1 v2 v3 crlf columns mixed expected out messages sums stats
