#!/bin/sh
# The manual pages are good troff. That of a command knows every option that its --help knows, that
# of the library every name of wordmill.h, and the program in them is the one that install.sh builds:
# sh man.sh SOURCE BUILD MANDOC
set -eu
source=$1 build=$2 mandoc=$3
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-man.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

for page in man1/wordmill.1 man1/wordmill-count.1 man1/wordmill-sum.1 man1/wordmill-query.1 \
    man1/wordmill-bench.1 man3/libwordmill.3 man7/wordmill-languages.7; do
    "$mandoc" -Tlint -W warning "$build/engine/man/$page" >lint || true
    # scdoc makes paragraphs that turn out empty.
    if grep -v 'skipping paragraph macro: PP \(empty\|after S[HS]\)$' lint; then exit 1; fi
    "$mandoc" -Tascii -O width=200 "$build/engine/man/$page" | sed "s/.$(printf '\b')//g" >"${page#*/}"
done

# section PAGE TITLE
section() {
    awk -v "title=$2" '/^[^ ]/ { inside = $0 == title; next } inside' "$1"
}

"$build/wordmill" --help | sed -n '/^commands:$/,$s/^  \([a-z]*\)  .*/\1/p' | grep -v '^help$' >commands
grep -qx count commands
while read -r command; do
    echo "== $command"
    "$build/wordmill" "$command" --help | grep -E '^ +(-., )?--' |
        sed -E 's/^ +//; s/  .*//' | sort >in_help
    section "wordmill-$command.1" OPTIONS | grep -E '^ {7}(-., )?--' | sed -E 's/^ +//' | sort >in_page
    diff -u in_help in_page
    section "wordmill-$command.1" EXAMPLES | grep -q "wordmill $command"
    grep -q "wordmill-$command(1)" wordmill.1
done <commands

grep -oE '\b(wm_[a-z_]+\(|WM_E[A-Z]+\b)' "$source/engine/include/wordmill.h" | tr -d '(' |
    sort -u >names
while read -r name; do
    grep -qw "$name" libwordmill.3 || {
        echo "libwordmill(3) does not know $name"
        exit 1
    }
done <names

# They have the version's number and date, which the list of changes begins with.
version=$(sed -n 's/^#define WM_VERSION "\(.*\)"$/\1/p' "$source/engine/include/wordmill.h")
change=$(sed -n 's/^## //p' "$source/engine/CHANGES.md" | head -n 1)
case $change in
"$version, "????-??-??) date=${change#*, } ;;
"$version, to come") date= ;;
*)
    echo "the first of CHANGES.md is not $version, with its date or to come, but $change"
    exit 1
    ;;
esac
for page in *.[137]; do
    tail -n 1 "$page" | grep -qE "^wordmill $version +${date:-[0-9-]+} +" || {
        tail -n 1 "$page"
        echo "$page has not version and date"
        exit 1
    }
done

section libwordmill.3 EXAMPLES | sed 's/^ \{11\}//; $d' |
    diff -u "$source/tests/embed/stranger/main.c" -
