#!/bin/sh
# Where a file cannot be renamed: a mount point, and a folder that may not be written to.
printf 'a\t2000\t1\t1\nbad\n' >in
unshare -rm true 2>/dev/null || { rm in; exit 77; }
# Into a mount point goes what is longer, and what is shorter, than what is there.
for option in -o --rejects --stats; do
    for old in "{" "{ $(seq 3000)"; do
        echo "$old" >host
        : >file
        unshare -rm sh -c 'mount --bind host file && "$WORDMILL" count -q --on-bad-line skip "$1" file in >output
            echo "exit $?"; cmp file host; tail -n 1 file' sh "$option"
    done
done
ls -A
echo "a disk that is full"
"$GENERATE" --lines 30000 --words 30000 >many
mkdir disk
: >point
# shellcheck disable=SC2016
unshare -rm sh -c 'mount -t tmpfs -o size=64k tmpfs disk && echo old >disk/file && mount --bind disk/file point
    for file in disk/file point disk/new; do
        "$WORDMILL" count -q -j 1 -o "$file" many
        echo "exit $?"
    done 2>&1
    cat disk/file
    ls -A disk'
rm in host file output many point
rmdir disk

# The result is kept elsewhere until the end: also if it goes over its own input.
as_other() { setpriv --reuid=$((20000 + $$ % 40000)) --clear-groups "$@"; }
if [ "$(id -u)" -eq 0 ] && ! as_other test -x "$WORDMILL" 2>/dev/null; then
    exit 0
fi
[ "$(id -u)" -eq 0 ] || as_other() { "$@"; }
export ASAN_OPTIONS=detect_leaks=0 TMPDIR=/tmp
mkdir folder
printf 'a\t2000\t1\t1\nb\t2000\t1\t1\n' >folder/file
chmod 666 folder/file
chmod 555 folder
{
    as_other "$WORDMILL" count -o folder/file folder/file
    echo "exit $?"
    cat folder/file
    as_other "$WORDMILL" count -o folder/new folder/file
    echo "exit $?"
    ls -A folder
} >log 2>&1
cat >expected <<'END'
exit 0
a	1
b	1
wordmill: cannot write 'folder/new': permission denied
exit 1
file
END
diff log expected
chmod 755 folder
rm -r folder log expected
