#!/bin/sh
# Compiles all sources with the headers of musl, whose libc has less than glibc: sh musl.sh
#
# There are no libraries for it here, so only what needs none is linked and run.
cd "$(dirname "$0")/.." || exit 1
command -v musl-gcc >/dev/null || {
    echo "skipped: no musl-gcc"
    exit 77
}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-musl.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# The headers of libraries and of the kernel, without those of glibc beside them.
mkdir "$scratch/include"
for name in archive.h archive_entry.h isa-l isa-l.h jansson.h jansson_config.h pcre2.h utf8proc.h \
    uv uv.h xxhash.h zlib.h zconf.h zstd.h zstd_errors.h linux asm-generic \
    "$(gcc -print-multiarch)/asm"; do
    for folder in /usr/include "/usr/include/$(gcc -print-multiarch)"; do
        [ ! -e "$folder/$name" ] || ln -sfn "$folder/$name" "$scratch/include/${name##*/}"
    done
done

flags="-std=c11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wconversion -Werror -Icommon -Iworker -Iengine
    -Iengine/include -Iengine/cli -isystem $scratch/include"
# Those for Python and Node need headers that are of no library here.
sources() {
    find common worker engine datasets -name '*.c' ! -path 'engine/python/*' \
        ! -path 'engine/examples/node/*' "$@"
}

# compile FILE OPTION...: with those that CMake sets for single files.
compile() {
    file=$1
    shift
    case $file in
    *_avx512.c) set -- -mavx2 -mbmi -mpopcnt -mavx512f -mavx512bw "$@" ;;
    *_avx2.c) set -- -mavx2 -mbmi -mpopcnt "$@" ;;
    esac
    # shellcheck disable=SC2086 # a list of words
    musl-gcc $flags "$@" "$file"
}

# shellcheck disable=SC2086
sources ! -name '*_avx*.c' |
    xargs -n 8 -P "$(nproc)" musl-gcc $flags -DWORDMILL_MANUALS='""' -fsyntax-only || exit 1
for file in common/scan/*.c tests/unit/twins.c; do
    compile "$file" -O2 -Itests/support -c -o "$scratch/$(basename "$file").o" || exit 1
done
echo "$(sources | wc -l) files are compiled"
musl-gcc -static "$scratch"/*.o -o "$scratch/twins" && "$scratch/twins"
