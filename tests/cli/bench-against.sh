#!/bin/sh
# --against: another build takes turns, and its outputs are compared as well.
"$GENERATE" --lines 300000 >in
"$WORDMILL" count -q --by decade --stats stats -o out in
# One that has the answer already, and one that does all of it three times.
cat >ready <<'END'
#!/bin/sh
cat stats >&3
exec cat out
END
cat >thrice <<'END'
#!/bin/sh
"$WORDMILL" "$@" >out2 3>/dev/null
"$WORDMILL" "$@" >out2 3>/dev/null
exec "$WORDMILL" "$@"
END
printf '#!/bin/sh\ncat stats >&3\necho other\n' >wrong
printf '#!/bin/sh\necho "$0: broken" >&2\nexit 7\n' >broken
chmod +x ready thrice wrong broken
for other in ready thrice; do
    "$WORDMILL" bench -q -p 256K -j 1 --runs 15 --warmup 0 --by decade --against ./$other --max-slowdown 5% \
        --json runs.json in >text 2>message
    echo "exit $?"
    grep -o 'slower$\|faster$' text
    grep -c 'more than 5%$' message
    grep -c '"configuration": 2, "round"' runs.json
    grep -o '"other": "[^"]*"' runs.json
done
# Options of count reach both; arguments with blanks too.
"$WORDMILL" bench -q -j 1 --runs 1 --match '[a-z] ?' --against "$WORDMILL" in >text
echo "exit $?"
"$WORDMILL" bench -q -p 256K -j 1 --runs 1 --warmup 0 --by decade --against ./wrong in
echo "exit $?"
"$WORDMILL" bench -q -p 256K -j 1 --runs 1 --against ./broken in >text
echo "exit $?"
"$WORDMILL" bench -q -p 256K -j 1 --runs 1 --against ./nowhere in >text
echo "exit $?"
rm in out out2 stats ready thrice wrong broken runs.json text message
