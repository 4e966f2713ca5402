#!/bin/sh
# A folder that all may write to, in which someone else has prepared links and files under the name
# of the output, which anyone may write. The kernel's rules for that (sysctl fs.protected_*) hold,
# where they are switched on.
[ "$(id -u)" -eq 0 ] || exit 77 # there is nobody else
for rule in symlinks regular fifos; do
    [ "$(cat /proc/sys/fs/protected_$rule)" -ge 1 ] || exit 77
done
stranger=$((20000 + $$ % 40000))
printf 'a\t2000\t1\t1\nbad\n' >in
mkdir tmp
echo precious >precious
ln -s ../precious tmp/link
ln -s ../made tmp/dangling
echo x >tmp/file
mkfifo tmp/fifo
chmod 666 tmp/file tmp/fifo
chown -h "$stranger:$stranger" tmp/* || { rm -r in tmp precious; exit 77; }
chmod 1777 tmp
for option in -o --rejects --stats; do
    for name in link dangling file fifo; do
        "$WORDMILL" count -q --on-bad-line skip "$option" "tmp/$name" in >output 2>message
        echo "$option $name: exit $?"
        cat message
    done
done
cat precious tmp/file
ls -A . tmp
rm -r in tmp precious output message
