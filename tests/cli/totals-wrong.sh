#!/bin/sh
# Total-count files that are not those of the inputs: years that are there twice, totals of 0, and
# totals that are less than what is counted.
status() {
    echo "$*"
    "$WORDMILL" "$@" 2>&1
    echo "exit $?"
}
printf 'a\t1999\t3\t1\na\t2000\t4\t1\nb\t2001\t5\t1\n' >in
echo "a year twice"
printf '1999,100,1,1 2000,100,1,1 1999,100,1,1 2001,100,1,1' >twice
status count --totals twice in
status count --by year --totals twice in
status count --by decade --totals twice in
status count --totals twice --years 2000- in

echo "a total of 0"
printf '1998,0,0,0 1999,100,0,1 2000,0,1,1 2001,100,1,1' >zero
status count --totals zero in
status count --by year --totals zero in
status count --by decade --totals zero in
status count --by year --totals zero -w b in
status count --by year --totals zero --years 2001- in
status count --by year --totals zero --value volumes in
"$WORDMILL" count --by year -o by-year.csv in
"$WORDMILL" count --by decade -o by-decade.wmt in
printf '1999,0,1,1 2000,0,1,1 2001,100,1,1' >decade
for how in "-j 0" --sorted; do
    # shellcheck disable=SC2086
    status sum $how --by year --totals zero by-year.csv
    # shellcheck disable=SC2086
    status sum $how --totals zero by-decade.wmt
    # shellcheck disable=SC2086
    status sum $how --totals decade by-decade.wmt
done

echo "less than is counted"
printf '1999,10,1,1 2000,3,1,1 2001,10,1,1' >small
printf '1999,1,1,1 2000,1,1,1 2001,2,1,1' >least
status count -j 2 --by year --totals small in
status count -j 0 --by year --totals small --rank in
status count --totals small in
status count --totals least -O csv in
status count --by year --totals small -w b in
status sum --sorted --by year --totals small by-year.csv
status sum --totals small by-year.csv
"$WORDMILL" count -q --by year --totals small --stats figures in >out
grep warnings figures
rm -f in twice zero decade small least by-year.csv by-decade.wmt figures out
