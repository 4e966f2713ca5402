#!/bin/sh
# A hundred sorted inputs, 300 MB of them, are merged in 64 MB of address space.
limited() {
    # shellcheck disable=SC3045
    (ulimit -v 65536 2>/dev/null && "$WORDMILL" "$@")
}
# Sanitizers want terabytes of it.
if ! limited --version >/dev/null 2>&1; then
    exit 77
fi
awk 'BEGIN { for (i = 0; i < 50000; i++) printf "a long word of some sixty bytes, as those of 5-grams are %06d\t%d\n", i, i }' >part
set --
while [ $# -lt 100 ]; do
    set -- "$@" part
done
limited sum --sorted "$@" | awk '{ n++; sum += $NF } END { printf "%d %d\n", n, sum / 100 }'
rm part
