#!/bin/sh
# -o through a symbolic link writes the file that it points to, and leaves the link alone.
mkdir folder
printf 'a\t2000\t1\t1\n' >in
echo old >folder/target
ln -s folder/target link
"$WORDMILL" count -o link in
echo "exit $?"
[ -L link ] && echo "still a link"
cat folder/target
rm -r in link folder
