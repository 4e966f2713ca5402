#!/bin/sh
# What bash offers where Tab is pressed.
command -v bash >/dev/null || exit 77
"$PAGES" bash >completion
mkdir folder
: >'a file'
cat >try <<'END'
source ./completion
# The words of the line, cut where bash cuts them; the last one is to be completed.
try() {
    local line="$*"
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _wordmill wordmill "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    echo "$line:" "${COMPREPLY[@]/%/,}"
}
try wordmill ''
try wordmill --v
try wordmill help ''
try wordmill help s
try wordmill count --par
try wordmill sum --sor
try wordmill bench --fan
try wordmill query --
try wordmill count --sort ''
try wordmill count --sort = c
try wordmill count --sort =
try wordmill count -O j
try wordmill query -O ''
try wordmill count --fold-case = d
try wordmill count --fold-case a
try wordmill count --workers ''
try wordmill count a
try wordmill count -o a
try wordmill count --spill-dir ''
try wordmill nothing --s
END
bash try
echo "exit $?"
rm -r completion try folder 'a file'
