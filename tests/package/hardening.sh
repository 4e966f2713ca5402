#!/bin/sh
# What users build is hardened as Debian builds its packages: sh hardening.sh
#
# Whether control flow is protected depends on the objects of libc as well, so ours are asked. Newer
# versions of the tool want what ARM calls branch protection on every machine.
set -eu
cd "$(dirname "$0")/../.."
command -v hardening-check >/dev/null || {
    echo "skipped: no hardening-check (devscripts)"
    exit 77
}
ignored=--nocfprotection
if hardening-check --help | grep -q -e --nobranchprotection; then
    ignored="$ignored --nobranchprotection"
fi
cmake --preset release -DWORDMILL_TESTS=OFF >/dev/null
cmake --build --preset release -j "$(nproc)" --target wordmill wordmill-shared >/dev/null
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for file in build/release/wordmill build/release/libwordmill.so; do
    # shellcheck disable=SC2086 # words
    hardening-check $ignored "$file" >"$log" || {
        cat "$log"
        exit 1
    }
    for what in 'Stack protected' 'Fortify Source functions' 'Read-only relocations' 'Immediate binding'; do
        grep -q "$what: yes" "$log" || {
            cat "$log"
            exit 1
        }
    done
done
if [ "$(uname -m)" = x86_64 ]; then
    readelf -n build/release/CMakeFiles/wordmill-common.dir/common/words/run.c.o | grep -q 'IBT, SHSTK'
fi
