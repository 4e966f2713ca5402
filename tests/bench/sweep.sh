#!/bin/sh
# Renews the recorded sweep over partition sizes: sweep.svg, sweep.csv and sweep.txt in this folder.
# Installs what is missing, builds wordmill and makes the file that everything is measured by.
#
#     sh tests/bench/sweep.sh [OPTIONS]      options of wordmill bench, such as --runs 20
#
# It needs a machine that does nothing else, for six minutes, and 2 GB in $TMPDIR.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/setup.sh
. "$root/tests/setup.sh"
# shellcheck disable=SC2086 # a list of words
need $build_packages gnuplot-nox

build=$root/build/release
(
    cd "$root"
    cmake --preset release -DWORDMILL_TESTS=OFF
    cmake --build --preset release -j "$(nproc)" --target wordmill ngram-generate
) >/dev/null
folder=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-sweep.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"
"$build/ngram-generate" --lines 86618505 --seed 1 >big.tsv
"$build/wordmill" bench --time 300 --csv "$here/sweep.csv" --plot "$here/sweep.svg" "$@" big.tsv >sweep.txt
cat sweep.txt
mv sweep.txt "$here"
