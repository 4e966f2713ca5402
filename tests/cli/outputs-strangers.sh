#!/bin/sh
# A folder that all may write to, in which names of outputs are someone else's, who lets nobody write
# them: they stay as they are.
[ "$(id -u)" -eq 0 ] || exit 77 # there is nobody else
stranger=$((20000 + $$ % 40000))
as_other() { setpriv --reuid=$((stranger - 1)) --clear-groups "$@"; }
as_other test -x "$WORDMILL" 2>/dev/null || exit 77 # a folder of root's alone
printf 'a\t2000\t1\t1\nbad\n' >in
mkdir tmp
echo precious >tmp/file
mkfifo tmp/fifo
ln -s file tmp/link
chmod 600 tmp/file tmp/fifo
chown -h "$stranger:$stranger" tmp/* || { rm -r in tmp; exit 77; }
chmod 1777 tmp
for option in -o --rejects --stats; do
    for name in file fifo link; do
        as_other "$WORDMILL" count -q --on-bad-line skip "$option" "tmp/$name" in 2>&1
        echo "$option $name: exit $?"
    done
done
cat tmp/file
ls -A tmp
rm -r in tmp
