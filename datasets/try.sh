#!/bin/sh
# Installs what is missing, builds wordmill, makes a file like Google's and counts it.
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh
# shellcheck disable=SC2086 # a list of words
need $build_packages

echo "building build/release/wordmill ..."
cmake --preset release -DWORDMILL_TESTS=OFF >/dev/null
cmake --build --preset release -j "$(nproc)" >/dev/null
wordmill=build/release/wordmill
sample=build/sample.tsv
lines=5000000

echo "making $sample, $lines lines in the format of Google Books Ngram files ..."
build/release/ngram-generate --lines "$lines" --seed 1 >"$sample"
echo "\$ $wordmill count --progress=plain -v -o build/counts.tsv $sample"
"$wordmill" count --progress=plain -v -o build/counts.tsv "$sample"
echo
echo "the five commonest of its words:"
"$wordmill" count --pos untagged -n 5 "$sample"
echo
"$wordmill" count -w Aardvark "$sample" | while read -r word count; do
    echo "$word has appeared $count times"
done
