#!/bin/sh
# --csv and --json: a line, or an object, for each run that counts, in the order of the rounds.
"$GENERATE" --lines 20000 >'i"n'
echo old >runs.csv
"$WORDMILL" bench -q -p 16K,64K,1M -j 0,2 --runs 3 --csv runs.csv --json runs.json 'i"n' >text
echo "exit $?"
head -n 1 runs.csv
# Configuration, round, size, partitions and workers; 1M is what is chosen, and so no row of its own.
tail -n +2 runs.csv | cut -d , -f 1-4,6 | sort -t , -k 2n -k 1n
echo "order"
for round in 1 2 3; do
    awk -F , -v round=$round '$2 == round { printf "%s ", $1 }' runs.csv
done | fold -w 12 | sort -u | wc -l
# As many fields as names; the phases are no longer than the whole; rounds add up to reduce.
awk -F , 'NR == 1 { n = NF; for (i = 1; i <= n; i++) at[$i] = i; next }
    NF != n { print "fields: " $0 }
    { phases = 0; split("split map reduce order write", names, " ")
      for (i in names) phases += $at[names[i] "_seconds"]
      rounds = 0; n_rounds = split($at["round_seconds"], seconds, " ")
      for (i in seconds) rounds += seconds[i]
      if (phases <= 0 || phases > $at["seconds"]) print "phases: " $0
      if (n_rounds != $at["rounds"] || rounds > phases) print "rounds: " $0
      if ($at["busy_seconds"] < $at["map_busy_seconds"]) print "busy: " $0
      if (($at["messages"] == 0) != ($at["workers"] == 0)) print "messages: " $0
      if ($at["cached"] != "") print "cached: " $0 }' runs.csv
echo "json"
sed -E 's/(: )-?[0-9]+(\.[0-9]+)?/\1N/g; s/\[[0-9., ]+\]/[N]/; s/("(date|wordmill|system|architecture|cpu|answer)": )"[^"]+"/\1"S"/g; s/("verdict": )"[a-z]*"/\1"V"/
    s/("load": ).*/\1L/; s/("command": ).*/\1C/; s/(: )(null|N)(, "against|, "other_m|, "verdict|\})/\1N\3/g; s/(_low": )(null|N)/\1N/
    s/(true|false)/B/g' runs.json | sort | uniq -c
"$WORDMILL" bench -q --partition-lines 100,auto -r auto,3 --cold --runs 1 --csv runs.csv --json runs.json 'i"n' >text
echo "exit $?"
tail -n +2 runs.csv | cut -d , -f 1-2 | sort
awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    !($at["cached"] >= 0 && $at["cached"] <= 1) { print "cached: " $0 }' runs.csv
grep -c '"cold": true' runs.json
echo "packed"
"$GENERATE" --lines 300000 >large
split -l 10000 --filter='gzip -1' large >members.gz
gzip -1 -c large >whole.gz
for file in members.gz whole.gz; do
    "$WORDMILL" bench -q -p 64K,1M,16M -j 2 --runs 1 --csv runs.csv $file >text
    # Each size that is reported is in force, in unpacked bytes, and differs from the others.
    awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { if (seen[$at["partitions"]]++) print "twice: " $0 }
        $at["unpack_seconds"] <= 0 { print "no unpacking: " $0 }' runs.csv
    sed -n '4s/  */ /gp' text
    sed -nE '5,/^$/s/^[*=? ] *(auto )?[0-9.]+[KM]  *([0-9A-Za-z,]+) .*/\2/p' text
    grep -c ' unpack ' text
done
rm large members.gz whole.gz
rm 'i"n' runs.csv runs.json text
