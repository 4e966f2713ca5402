#!/bin/sh
# Builds wordmill and measures how long a host's thread is away in the longest step of a job.
#
#     sh tests/bench/steps.sh [LINES [WORDS]]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/setup.sh
. "$root/tests/setup.sh"
# shellcheck disable=SC2086 # a list of words
need $build_packages zstd

cd "$root"
cmake --preset release -DWORDMILL_TESTS=OFF >/dev/null
cmake --build --preset release -j "$(nproc)" --target wordmill-static wordmill ngram-generate >/dev/null
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-steps.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cc -O2 -o "$scratch/steps" tests/bench/steps.c -Iengine/include build/release/libwordmill.a \
    -luv -lutf8proc -lpcre2-8 -lzstd -lisal
n_lines=${1:-20000000} n_words=${2:-2000000}
cd "$scratch"
"$root/build/release/ngram-generate" --lines "$n_lines" --seed 1 >lines
"$root/build/release/ngram-generate" --lines "$((2 * n_words))" --words "$n_words" --seed 1 >words
gzip -1 <lines >lines.gz
zstd -q lines -o lines.zst
head -n 1000000 lines | tr '\t' ' ' >bad # not one line of the format
"$root/build/release/wordmill" count -q -o sorted words

row() {
    ./steps "$@"
    rm -f out rejects
}
echo "milliseconds of the longest call         steps    step     CPU   start     CPU  result     CPU"
row "lines" lines
row "lines, output" lines output=out
row "lines, --by year, output" lines by=year output=out
row "many words" words
row "many words, output" words output=out
row "many words, table" words output=out.wmt output-format=table
row "many words, --sort count" words sort=count output=out
row "many words, --top 100000" words top=100000
row "many words, --rank" words rank output=out
row "many words, spilled" words memory=64M output=out
row "gzip" lines.gz
row "zstd, output" lines.zst output=out
row "a million bad lines" bad format=v2 on-bad-line=skip rejects=rejects max-reject-bytes=1G
row "sorted" sorted sorted output=out
row "no workers, partitions of 1M" lines workers=0 partition-size=1M
row "no workers, many words, 1M" words workers=0 partition-size=1M output=out
