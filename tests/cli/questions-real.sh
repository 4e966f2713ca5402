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
rm -rf bin commands answer ./*.gz ./*.txt ./*.tsv ./*.wmt
