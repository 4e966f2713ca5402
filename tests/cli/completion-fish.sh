#!/bin/sh
# What fish offers where Tab is pressed.
command -v fish >/dev/null || exit 77
"$PAGES" fish >completion
HOME=$PWD/home XDG_CONFIG_HOME=$PWD/home XDG_DATA_HOME=$PWD/home
export HOME XDG_CONFIG_HOME XDG_DATA_HOME
mkdir home
cat >try <<'END'
source completion
complete -C 'wordmill '
echo help:
complete -C 'wordmill help '
complete -C 'wordmill count --par'
complete -C 'wordmill count --sort '
complete -C 'wordmill count --fold-case='
complete -C 'wordmill query -O '
END
fish --no-config try
echo "exit $?"
rm -r completion try home
