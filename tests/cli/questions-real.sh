#!/bin/sh
# The commands of datasets/QUESTIONS.md run as they stand there, on pieces of real files under the
# names that it has.
[ -d "$DATA/entries" ] || exit 77
ln -s "$DATA/v2/googlebooks-eng-all-1gram-20120701-a.head1000000.gz" googlebooks-eng-all-1gram-20120701-a.gz
ln -s "$DATA/totals/googlebooks-eng-all-totalcounts-20120701.txt" .
gzip <"$DATA/entries/english-1.v3" >1-00000-of-00024.gz
gzip <"$DATA/entries/english-2.v3" >2-00000-of-00589.gz
head -n 300 "$DATA/text/pg-grimm.txt" >book.txt
mkdir bin
ln -s "$WORDMILL" bin/wordmill
PATH=$PWD/bin:$PATH
sed -n '/^    wordmill /,/[^\\]$/s/^    //p' "$(dirname "$SAMPLE")/QUESTIONS.md" >commands
while IFS= read -r command; do
    case $command in
    *\\) # the next line goes on
        IFS= read -r more
        command=$(printf '%s %s' "${command%\\}" "$more")
        ;;
    esac
    echo "== $command"
    eval "$command" >answer
    echo "exit $?, $(wc -l <answer) lines"
    head -n 10 answer
done <commands
wc -l <2012.tsv
grep -c . words.tsv

# What pandas and R read is what was written, where they are installed.
page=$(dirname "$SAMPLE")/QUESTIONS.md
read_back() {
    printf '%s\t1999\t5\t1\n' "$@" | wordmill count --format v2 -o words.tsv
    if python3 -c 'import pandas' 2>/dev/null; then
        python3 -c "import pandas
rows = $(sed -n '/^    pandas/,/)$/s/^    //p' "$page")
with open('back', 'w', encoding='utf-8', newline='') as back:
    back.writelines('%s\t%d\n' % row for row in rows.itertuples(index=False))"
        cmp back words.tsv
    fi
    if command -v Rscript >/dev/null; then
        LC_ALL=C.UTF-8 Rscript -e "rows <- $(sed -n '/^    read.delim/,/)$/s/^    //p' "$page")" \
            -e 'write.table(rows, "back", sep = "\t", quote = FALSE, row.names = FALSE, col.names = FALSE)'
        cmp back words.tsv
    fi
}
# shellcheck disable=SC1003 # no escape
read_back null NULL NA N/A nan None '<NA>' '"' '""' 'a"b' "'" =1+2 '@SUM(A1)' -1 + '# x' '#' '\' \
    '\n' TRUE T Inf 1e5 007 12 1,000 0x1F ' ' ' a ' é наука % , ';' '`' '' 1999-01-01
read_back 007 1e5 12
rm -rf back bin commands answer ./*.gz ./*.txt ./*.tsv ./*.wmt
