#!/bin/sh
# A spreadsheet whose column of words has the type Text keeps every word of --csv-safe, and writes it
# as it was.
command -v soffice >/dev/null || exit 77
# shellcheck disable=SC1003 # no escape
set -- null NULL NA N/A nan None '<NA>' '"' '""' 'a"b' "'" =1+2 '@SUM(A1)' -1 + '# x' '#' '\' \
    '\n' TRUE T Inf 1e5 007 12 1,000 0x1F ' ' ' a ' é наука % , ';' '`' '' 1999-01-01
printf '%s\t1999\t5\t1\n' "$@" | "$WORDMILL" count --format v2 -O csv --csv-safe -o words.csv
HOME=$PWD soffice --headless --infilter='CSV:44,34,76,1,1/2/2/1' \
    --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true' --outdir back \
    words.csv >log 2>&1
cmp words.csv back/words.csv && echo "$# words"
rm -rf back words.csv log .[!.]*
