#!/bin/sh
# On a terminal a bench says which run it is at; -v says what each one took, -q nothing.
script -qec true /dev/null </dev/null >/dev/null 2>&1 || exit 77
"$GENERATE" --lines 2000 >in
lines() { tr '\r' '\n' | sed 's/  *$//; s/[0-9]*:[0-9]* left/N left/; /meanwhile\|CPUs\|of their row/d; /^$/d'; }
script -qec '"$WORDMILL" bench -j 0,2 --runs 1 in >text' /dev/null </dev/null | lines
script -qec '"$WORDMILL" bench -q -j 0 --runs 1 in >text' /dev/null </dev/null | lines
"$WORDMILL" bench -v -p 16K,64K -j 0,2 --runs 1 in 2>&1 >text | lines | sed 's/[0-9.e-]* s$/N s/'
rm in text
