#!/bin/sh
# The variants for aarch64, built by a cross compiler and run on an emulated CPU: sh neon.sh
cd "$(dirname "$0")/.." || exit 1
compiler=aarch64-linux-gnu-gcc emulator=
for name in qemu-aarch64-static qemu-aarch64; do
    command -v "$name" >/dev/null && emulator=$name && break
done
if [ "$(uname -m)" = aarch64 ]; then
    compiler=cc emulator=
elif ! command -v "$compiler" >/dev/null || [ -z "$emulator" ]; then
    echo "skipped: no $compiler, or no qemu-aarch64-static"
    exit 77
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-neon.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
"$compiler" -static -O2 -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wconversion -Werror -Icommon \
    -Itests/support tests/unit/twins.c common/scan/*.c -o "$scratch/twins" || exit 1
$emulator "$scratch/twins" >"$scratch/said" || exit 1
cat "$scratch/said"
grep -qx 'neon is as portable' "$scratch/said"
