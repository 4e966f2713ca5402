#!/bin/sh
# R reads every word that was written, as README.md says.
command -v Rscript >/dev/null || exit 77
page=$(dirname "$SAMPLE")/../README.md
read_back() {
    printf '%s\t1999\t5\t1\n' "$@" | "$WORDMILL" count --format v2 -o words.tsv
    LC_ALL=C.UTF-8 Rscript -e "rows <- $(sed -n '/^    read.delim/,/)$/s/^    //p' "$page")" \
        -e 'write.table(rows, "back", sep = "\t", quote = FALSE, row.names = FALSE, col.names = FALSE)'
    cmp back words.tsv && echo "$# words"
}
# shellcheck disable=SC1003 # no escape
read_back null NULL NA N/A nan None '<NA>' '"' '""' 'a"b' "'" =1+2 '@SUM(A1)' -1 + '# x' '#' '\' \
    '\n' TRUE T Inf 1e5 007 12 1,000 0x1F ' ' ' a ' é наука % , ';' '`' '' 1999-01-01
read_back 007 1e5 12
rm back words.tsv
