#!/bin/sh
# pandas reads every word that was written, as README.md says.
python3 -c 'import pandas' 2>/dev/null || exit 77
page=$(dirname "$SAMPLE")/../README.md
read_back() {
    printf '%s\t1999\t5\t1\n' "$@" | "$WORDMILL" count --format v2 -o words.tsv
    python3 -c "import pandas
rows = $(sed -n '/^    pandas/,/)$/s/^    //p' "$page")
with open('back', 'w', encoding='utf-8', newline='') as back:
    back.writelines('%s\t%d\n' % row for row in rows.itertuples(index=False))"
    cmp back words.tsv && echo "$# words"
}
# shellcheck disable=SC1003 # no escape
read_back null NULL NA N/A nan None '<NA>' '"' '""' 'a"b' "'" =1+2 '@SUM(A1)' -1 + '# x' '#' '\' \
    '\n' TRUE T Inf 1e5 007 12 1,000 0x1F ' ' ' a ' é наука % , ';' '`' '' 1999-01-01
read_back 007 1e5 12
rm back words.tsv
