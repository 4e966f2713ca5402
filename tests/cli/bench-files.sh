#!/bin/sh
# --csv and --json: a line, or an object, for each run that counts, in the order of the rounds.
"$GENERATE" --lines 20000 >'i"n'
echo old >runs.csv
"$WORDMILL" bench -q -p 16K,64K -j 0,2 --runs 3 --csv runs.csv --json runs.json 'i"n' >text
echo "exit $?"
head -n 1 runs.csv
# configuration, round, size, lines, workers, fan-in
tail -n +2 runs.csv | cut -d , -f 1-6
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
sed -E 's/(: )-?[0-9]+(\.[0-9]+)?/\1N/g; s/\[[0-9., ]+\]/[N]/; s/("(date|wordmill|system|architecture|cpu)": )"[^"]+"/\1"S"/g
    s/(true|false)/B/g' runs.json | sort | uniq -c
"$WORDMILL" bench -q --partition-lines 100,auto -r auto,3 --cold --runs 1 --csv runs.csv --json runs.json 'i"n' >text
echo "exit $?"
tail -n +2 runs.csv | cut -d , -f 1-2,4,6 | sort
awk -F , 'NR > 1 && !($27 >= 0 && $27 <= 1) { print "cached: " $0 }
    NR > 1 && ($3 > 0) == ($4 > 0) { print "partitions: " $0 }' runs.csv
grep -c '"cold": true' runs.json
rm 'i"n' runs.csv runs.json text
