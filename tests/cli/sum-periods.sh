#!/bin/sh
# Results by year or decade are added up as such: what count --by makes of the whole, sum makes of
# the parts, whatever they are written as, and whatever is asked.
printf 'war\t1914\t10\t2\nwar\t1915\t5\t2\npeace\t1914\t7\t7\nWar\t1915\t1\t1\n"q",\t1915\t2\t1\n' >a
printf 'war\t1914\t1\t1\nwar\t1990\t3\t1\npeace\t1923\t4\t1\nx y\t1990\t1\t1\n' >b
printf '1914,1000,1,1 1915,2000,1,1 1923,500,1,1 1990,3000,1,1' >totals
for part in a b; do
    for format in tsv csv wmt; do
        "$WORDMILL" count -o $part-word.$format $part
        "$WORDMILL" count --by year -o $part-year.$format $part
        "$WORDMILL" count --by decade -o $part-decade.$format $part
    done
done

# sums OPTIONS: of the formats among each other, like expected
sums() {
    for files in "a-$by.tsv b-$by.tsv" "a-$by.csv b-$by.csv" "a-$by.wmt b-$by.wmt" "a-$by.csv b-$by.tsv" \
        "a-$by.wmt b-$by.csv"; do
        # shellcheck disable=SC2086
        "$WORDMILL" sum --by $by "$@" $files | cmp - expected
        case $files,$* in
        # A sorted sum reads totals before CSV.
        "a-$by.tsv"* | *--top-per* | *.csv*--sorted*--totals*) ;;
        *)
            # shellcheck disable=SC2086
            "$WORDMILL" sum "$@" $files | cmp - expected
            ;;
        esac
    done
    # Lines go by what the others say, also from a pipe.
    case $* in
    *--top-per* | *--sorted*) ;;
    *)
        "$WORDMILL" sum "$@" a-$by.tsv b-$by.csv | cmp - expected
        "$WORDMILL" sum "$@" - b-$by.wmt <a-$by.csv | cmp - expected
        ;;
    esac
}
for by in year decade; do
    for ask in "" "--totals totals" "-w war -w none" "--match ^.ar$" "--min-count 5" "-O csv" "-O jsonl" "-O table" \
        "-O csv --totals totals -w war"; do
        # shellcheck disable=SC2086
        "$WORDMILL" count --by $by $ask a b >expected
        for how in "-j 0" "-j 2" --sorted; do
            # shellcheck disable=SC2086
            sums $how $ask
        done
    done
    for ask in "--rank" "--rank --totals totals" "--rank -w war -w peace" "--rank -O csv" "-s count" "-q -n 2" \
        "--top-per 1" "--top-per 2 --rank -O jsonl"; do
        # shellcheck disable=SC2086
        "$WORDMILL" count --by $by $ask a b >expected
        for how in "-j 0" "-j 2"; do
            # shellcheck disable=SC2086
            sums $how $ask
        done
    done
done
# More than may be open at a time.
"$WORDMILL" count --by year -w war a b b b b b b b b b b b b b b b b b b b b b b b b b b b b >expected
for n in 1 2 3 4 5 6 7 8 9; do
    cp b-year.csv more$n.csv
    cp b-year.wmt more$n.wmt
    cp b-year.csv more$n.2.csv
done
# shellcheck disable=SC3045
(ulimit -n 24 && "$WORDMILL" sum --sorted -w war a-year.csv b-year.wmt more*) | cmp - expected
# status COMMAND...: says its exit status where its messages are.
status() {
    echo "$*" >&2
    "$WORDMILL" "$@" >out
    echo "exit $?" >&2
    cat out >&2
}
echo "what is counted differently is not added up" >&2
for sorted in "" --sorted; do
    for files in "a-word.csv b-year.csv" "a-year.wmt b-word.wmt" "a-year.wmt b-decade.csv" "a-year.csv b-word.tsv" \
        "a-decade.csv b-year.tsv" "--by year a-word.wmt" "--by decade a-year.csv" "--by year a-word.tsv" \
        "--by decade a-year.tsv"; do
        # shellcheck disable=SC2086
        status sum $sorted $files
    done
done
status sum - <a-year.csv
status sum --top-per 1 a-year.csv
status sum --sorted --by year --top-per 1 --sort word a-year.csv
status sum --by year --years 1914 a-year.csv
status sum --on-bad-line skip --rejects rejects a-decade.csv b-year.tsv
cat rejects >&2

echo "lines do not say it" >&2
status sum a-year.tsv b-year.tsv
status sum --min-count 5 a-decade.tsv b-decade.tsv
for ask in --rank "--totals totals" "-w war" "--match ^war$" "-O csv" "-O jsonl" "-n 1" "--sorted -O csv"; do
    # shellcheck disable=SC2086
    status sum $ask a-year.tsv b-year.tsv
done
for sorted in "" --sorted; do
    for files in "a-year.tsv b-word.tsv" "a-year.tsv b-decade.tsv" "a-word.csv b-year.tsv" "a-year.csv b-decade.tsv"; do
        # shellcheck disable=SC2086
        status sum $sorted $files
    done
done
cat a-year.tsv b-word.tsv | status sum
status sum --by year --totals totals --stats figures a-year.tsv b-year.tsv
grep warnings figures >&2
"$WORDMILL" sum -O csv --stats figures a-year.tsv b-year.tsv 2>/dev/null >out
grep warnings figures >&2

echo "a table file" >&2
for table in a-year.wmt a-decade.wmt; do
    status query $table war none "$(printf 'war\t1910')" "$(printf 'war\t1914')"
    status query -O csv $table War
    status query --prefix -O jsonl $table p
done
printf 'peace\nwar\n' | status query a-year.wmt

# By year too, but of a version that did not say so: byte 24 is 0, and the checksum that of zeros.
"$WORDMILL" sum -O table a-year.tsv >old.wmt 2>/dev/null
"$WORDMILL" count --by year a b >expected
for how in "-j 0" "-j 2" --sorted; do
    for files in "b-year.wmt old.wmt" "--by year old.wmt b-year.csv" "--by year old.wmt b-year.tsv"; do
        # shellcheck disable=SC2086
        "$WORDMILL" sum $how $files | cmp - expected
    done
done
"$WORDMILL" sum old.wmt b-year.csv | cmp - expected
status sum --sorted old.wmt b-year.csv
status sum old.wmt
status sum -w war old.wmt
status sum old.wmt b-word.wmt
status query old.wmt "$(printf 'war\t1914')"
rm -f more* a a-* b b-* totals expected out old.wmt figures rejects
