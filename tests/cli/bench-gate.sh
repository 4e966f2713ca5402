#!/bin/sh
# tests/bench/against.py: one table, and an exit status that says whether a question is slower.
command -v python3 >/dev/null || exit 77
against() {
    python3 -B "$(dirname "$0")/../bench/against.py" --build "$(dirname "$WORDMILL")" --workers 1 "$@" >table
    echo "exit $?"
    sed 's/[0-9][0-9.]* /N /g; s/[0-9.]*)/N)/; s/  */ /g' table
}
# One that counts only once, and then has the answer already; and one that counts three times.
cat >ready <<'END'
#!/bin/sh
[ -e out ] || "$WORDMILL" "$@" >out 3>stats
cat stats >&3
exec cat out
END
cat >thrice <<'END'
#!/bin/sh
"$WORDMILL" "$@" >out2 3>/dev/null
"$WORDMILL" "$@" >out2 3>/dev/null
exec "$WORDMILL" "$@"
END
printf '#!/bin/sh\nexit 7\n' >broken
chmod +x ready thrice broken
for other in ready thrice; do
    against --other ./$other --lines 300000 --only decade --rounds 15
done
# Every question is asked, and too few rounds are no verdict.
against --other "$WORDMILL" --lines 20000 --rounds 2
against --other ./broken --lines 1000 --only plain --rounds 1
# One of compare.sh's questions.
against --other "$WORDMILL" --lines 20000 --rounds 2 --all --only files
against --other "$WORDMILL" --only files 2>errors
tail -n 1 errors
rm ready thrice broken out out2 stats table errors
