#!/bin/sh
# Wrong usage of bench, and what cannot work: known before the first run, and nothing is left.
run() {
    "$WORDMILL" bench "$@" </dev/null
    echo "exit $?" >&2
}
printf 'a\t2000\t1\t1\n' >f
"$WORDMILL" bench --help >text
echo "exit $?"
grep -c '^usage: wordmill bench \[OPTIONS\] FILE...$' text
for option in partition-sizes partition-lines workers fan-ins runs time warmup seed csv json markdown report plot timeline from compare against max-slowdown plot-phases plot-workers plot-memory by memory; do
    grep -q -- "--$option [A-Z]" text || echo "$option is missing"
done
awk 'length($0) > 80' text
rm text
run
run -
run f -
run --runs
run -p 64K,1x f
run -p 64K, f
run -p 1M --partition-lines 5 f
run --partition-lines 0 f
run -j auto,2000 f
run -r 1 f
run --runs 0 f
run --time 0 f
run --by month f
run --format v2 --tokens letters f
run --csv-safe f
run --warmup x f
run --seed 4294967296 f
run --cold=yes f
run --partition f
run -p "$(seq -s , 65)" f
run -p "$(seq -s , 64)" -j "$(seq -s , 64)" -r "$(seq -s , 2 65)" f
run --plot picture f
run --csv same --json same f
run --csv same --json ./same f
run --csv - --json - f
run nothing
run f .
run --csv nowhere/file f
run --csv one --json nowhere/file f
TMPDIR=nowhere run f
PATH=/nowhere run --plot picture.svg f
# A gnuplot that knows no terminal.
printf '#!/bin/sh\nexit 1\n' >gnuplot
chmod +x gnuplot
PATH=$PWD:$PATH run --plot picture.png f
rm f gnuplot
