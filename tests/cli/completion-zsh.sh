#!/bin/sh
# What zsh is told about where Tab is pressed.
command -v zsh >/dev/null || exit 77
"$PAGES" zsh >_wordmill
cat >try <<'END'
_arguments() { print -rl -- "$@" }
_describe() { print -rl -- $commands }
words=(wordmill '') CURRENT=2
source ./_wordmill | grep -e '^count:' -e '^help:'
words=(wordmill help '') CURRENT=3
source ./_wordmill
words=(wordmill count --par) CURRENT=3
source ./_wordmill | grep -e --par -e --sort -e --fold-case -e --shard -e --spill-dir -e --word=
words=(wordmill query '') CURRENT=3
source ./_wordmill | grep -e -O -e --prefix
END
zsh -f try
echo "exit $?"
rm _wordmill try
