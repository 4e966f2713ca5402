#!/bin/sh
# The static command runs where there is nothing else, and says the same as another build:
#
#     sh tests/package/static.sh WORDMILL      as root
#
# It is made anew, with no other warning of the linker than the one that is known. Then it runs in a
# folder that has nothing but it and its inputs, and through tests of the command.
set -eu
wordmill=$(realpath "$1")
cd "$(dirname "$0")/../.."
[ "$(id -u)" -eq 0 ] || {
    echo "skipped: chroot is for root"
    exit 77
}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-static.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
sample=$PWD/datasets/sample.tsv static=$PWD/build/static/wordmill

rm -f "$static"
sh engine/package/static.sh >"$scratch/log" 2>&1 || {
    cat "$scratch/log"
    exit 1
}
# uv_os_homedir, which nothing here calls, would want to know of users.
if grep 'warning:' "$scratch/log" | grep -v "Using 'getpwuid_r' in statically linked"; then exit 1; fi
if readelf -d "$static" | grep NEEDED || readelf -l "$static" | grep INTERP; then exit 1; fi

mkdir -p "$scratch/bare/tmp"
cd "$scratch/bare"
cp "$static" wordmill
cp "$sample" plain
gzip -k plain
zstd -q plain
bzip2 -k plain
xz -k plain
lz4 -q plain plain.lz4
zip -q plain.zip plain
7z a plain.7z plain >/dev/null
tar cf plain.tar plain
printf 'Der Fluß — Ñandú, ΑΣ ας\n' >text
mkdir ../expected

# same OPERANDS: what the other build says of the same files.
n=0
same() {
    n=$((n + 1))
    TMPDIR=/tmp chroot . /wordmill "$@" >"../expected/$n.made" 2>&1 || echo "exit $?" >>"../expected/$n.made"
    "$wordmill" "$@" >"../expected/$n" 2>&1 || echo "exit $?" >>"../expected/$n"
    cmp "../expected/$n" "../expected/$n.made" || {
        echo "wordmill $*"
        diff "../expected/$n" "../expected/$n.made" | head -n 20
        exit 1
    }
}
for file in plain*; do
    same count "$file"
    same count -j 0 -m 1M -p 4K "$file"
done
same count --format text --fold-case --match '^\p{L}+$' text
same count --top 10 --rank --pos untagged plain
same count --by year --years 1900- plain
same count nothing
same sum plain
same --version
same bench --help
TMPDIR=/tmp chroot . /wordmill count -o counts.wmt plain plain.gz
cp counts.wmt made.wmt
"$wordmill" count -o counts.wmt plain plain.gz
cmp counts.wmt made.wmt
same query counts.wmt Aardvark ayar nothing
same sum counts.wmt counts.wmt
TMPDIR=/tmp chroot . /wordmill bench --runs 1 -j 1,2 -p 16K --json runs.json plain >table 2>log
grep -q 'fastest' table
TMPDIR=/tmp chroot . /wordmill bench --from runs.json --report page.html >table 2>log
grep -q '<table' page.html
TMPDIR=/tmp chroot . /wordmill bench --plot sizes.svg --from runs.json 2>log && exit 1
grep -q 'gnuplot is not installed' log

for name in archives archive-bombs packed packed-members fold-case pos match-and-min-count query \
    text-scripts text-utf16 spill-disk signals outputs help usage; do
    [ -e "$OLDPWD/tests/cli/$name.sh" ] || exit 1
    WORDMILL=$static GENERATE=${wordmill%/*}/ngram-generate SAMPLE=$sample \
        PAGES=${wordmill%/*}/engine/cli/pages/wordmill-pages DATA=$OLDPWD/../shared/data \
        EXAMPLES=${wordmill%/*}/tests/examples sh "$OLDPWD/tests/cli/run.sh" "$name" || [ $? -eq 77 ]
    n=$((n + 1))
done
echo "$n comparisons, all equal; unpacked by $(strings "$static" | grep -qi isal && echo ISA-L || echo zlib)"
