#!/bin/sh
# A signal ends a bench after a report of what was finished.
"$GENERATE" --lines 20000 >in
mkfifo said
# after N LINES: sends the signal when so many lines were said, and reads on to the end.
after() {
    n=0
    while read -r _; do
        n=$((n + 1))
        [ "$n" -ne "$1" ] || kill -s "$2" "$(cat pid)"
    done <said
}
# bench LINES SIGNAL OPTIONS
bench() {
    lines=$1
    signal=$2
    shift 2
    after "$lines" "$signal" &
    # The shell's own word for the signal, if it has one, goes to /dev/null.
    (
        sh -c 'echo $$ >pid; exec "$WORDMILL" bench -v --runs 10000 --warmup 0 "$@" in 2>said' sh "$@"
        echo "exit $?: $signal"
    ) 2>/dev/null | sed -E 's/^[a-z]*seconds, .*/TIMES/; s/ [0-9]+ runs? of/ N runs of/; s/[0-9]+ verdicts? (is|are)/N are/
        /^(So far, t|T)ake /d; /(chooses|best|longer|tell|long)/d; /fastest|nothing to compare/d; /[0-9]\.[0-9]/d; /^The law/,/^$/d
        /^[=?] /d; /^$/d; /not run/d; s/ N are not known.*//
        s/ N runs of a round that was not$//; /^finished do/d; s/do(es)? not count/do not count/; s/ +/ /g'
    wait
}
bench 5 INT -p 16K,64K -j 0,2 --csv runs.csv --json runs.json
[ "$(wc -l <runs.csv)" -ge 4 ] || cat runs.csv
grep -o '"interrupted": [a-z]*' runs.json
bench 4 TERM -j 2 --timeline tasks.svg
[ ! -e tasks.svg ] || echo "an empty timeline"
bench 2 HUP -j 0
bench 2 USR2 -j 2
rm in said pid runs.csv runs.json
