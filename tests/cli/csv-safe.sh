#!/bin/sh
# What a spreadsheet would run is told to be text; nothing else changes.
run() {
    "$WORDMILL" "$@"
    echo "exit $?" >&2
}
printf '%s\t2000\t1\t1\n' '=1+1' '+1' '-1' '@a' '=a,"b"' a 1 "'=" 'a=' '' >in
printf '\r=\t2000\t1\t1\n' >>in
run count --csv-safe -O csv in | cat -v
echo "plain"
run count -o plain.csv in
"$WORDMILL" count -o safe.csv --csv-safe in
diff plain.csv safe.csv | grep -c '^>'
echo "by year, as a table, of results"
run count --csv-safe --by year -O csv --word=-1 in
"$WORDMILL" count -o in.wmt in
run query --csv-safe -O csv in.wmt =1+1 a
"$WORDMILL" count -o in.results in
run sum --csv-safe -O csv --word=+1 in.results
run count --csv-safe in
run count --csv-safe -o x.jsonl in
run query --csv-safe in.wmt a
rm in plain.csv safe.csv in.wmt in.results
