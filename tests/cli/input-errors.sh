#!/bin/sh
# An input that cannot be opened fails the run before it begins.
run() {
    "$WORDMILL" count "$@"
    echo "exit $?" >&2
}
printf 'a\t2000\t1\t1\n' >good
mkdir folder
run nothing
run folder
run good/file
run ''
run -o out.tsv good nothing good
run "$(printf 'two\nlines \033[31m')"
run good nothing folder
rm -r good folder
