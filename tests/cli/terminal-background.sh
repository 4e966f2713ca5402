#!/bin/sh
# In the background, and on a terminal that is none, there is no bar; tostop stops nothing.
script -qec true /dev/null </dev/null >/dev/null 2>&1 || exit 77
"$GENERATE" --lines 200000 >in
"$WORDMILL" count in >expected
# on_terminal COMMANDS: their output, without the CRs that a terminal adds to line ends.
on_terminal() { script -qec "sh -c '$1'" /dev/null </dev/null | sed 's/\r$//'; }
for mode in -tostop tostop; do
    echo "$mode"
    on_terminal "set -m; stty $mode; \"\$WORDMILL\" count --progress bar -o out.tsv in in in & wait \$!; echo \"exit \$?\"" |
        grep -v '^\[' | cat -v
    "$WORDMILL" count in in in | cmp - out.tsv
done
echo "a dumb terminal"
TERM=dumb on_terminal '"$WORDMILL" count -o out.tsv in'
echo "in the foreground"
TERM=xterm on_terminal '"$WORDMILL" count -o out.tsv in' | grep -c '100%'
rm in expected out.tsv
