#!/bin/sh
# Standard input that is a file is read like one: what comes next goes on behind what was counted.
printf 'head\na\t2000\t1\t1\nb\t2000\t1\t1\n' >in
printf 'x\t1\ny\t2\n' >results
for workers in 0 2; do
    {
        read -r line
        "$WORDMILL" count -j "$workers"
        echo "$line, $(wc -c)"
    } <in
done
{ "$WORDMILL" sum; wc -c; } <results
{ "$WORDMILL" sum --sorted -; wc -c; } <results
gzip -c results >results.gz
{ "$WORDMILL" sum; wc -c; } <results.gz
{ "$WORDMILL" count in - 2>/dev/null || cat; } <results >same
cmp results same
rm in results results.gz same
