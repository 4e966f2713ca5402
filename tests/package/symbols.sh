#!/bin/sh
# The shared library exports what wordmill.h declares and nothing else; the archive defines no
# other global names than wm_ and wm__ ones: sh symbols.sh HEADER SHARED ARCHIVE
set -eu
header=$1 shared=$2 archive=$3
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-symbols.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# names FILE OPTION...
names() {
    nm -P --defined-only "$@" | awk 'NF > 2 && $2 != "A" { sub(/@.*/, "", $1); print $1 }' | sort
}

sed -n 's/^WM_API .*[ *]\(wm_[a-z0-9_]*\)(.*/\1/p' "$header" | sort >declared
[ "$(wc -l <declared)" -ge 17 ]
names "$shared" -D >exported
names "$archive" -g >defined
diff -u declared exported
grep -v '^wm__' defined | diff -u declared -
readelf -d "$shared" | grep -q "SONAME.*\[libwordmill\.so\.[0-9.]*\]"
# Each has the version of the interface.
nm -P --defined-only -D "$shared" | awk '$1 ~ /^wm_/ && $1 !~ /@@WORDMILL_[0-9.]+$/ { print; bad = 1 } END { exit bad }'
