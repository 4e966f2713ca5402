#!/bin/sh
# The commands of README.md run as they stand there, and those that it shows an answer of give it.
# Benches take too long, and have tests of their own.
root=$(dirname "$(dirname "$SAMPLE")")
ln -s "$root/datasets" datasets
ln -s "$root/README.md" README.md
printf 'old_ADJ house_NOUN\t2000\t3\t1\n' >phrases
mkdir bin
ln -s "$WORDMILL" bin/wordmill
PATH=$PWD/bin:$PATH

# The command behind each `$ `, and the answer up to the next line without an indent.
sed -n '/^    \$ /,/^$/p' README.md >shown
sed -n 's/^    \$ //p' shown | while IFS= read -r command; do
    printf '    $ %s\n' "$command"
    eval "$command" | sed 's/^/    /'
    echo
done >answered
diff answered shown && echo "shown answers: $(grep -c '\$' shown)"

sed -n 's/^ \{4,6\}\(wordmill \|cat \)/\1/p' README.md | sed 's/ *# .*//' |
    grep -v -e '^wordmill bench' -e words.csv >commands
while IFS= read -r command; do
    eval "$command" >answer
    echo "exit $?, $(wc -l <answer) lines: $command"
done <commands
rm -r bin datasets README.md phrases shown answered answer commands counts.wmt half1.tsv half2.tsv
