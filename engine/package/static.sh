#!/bin/sh
# Makes build/static/wordmill, one file that runs on any Linux of this architecture:
#
#     sh engine/package/static.sh [CMAKE-OPTION...]
#
# Debian has archives of all libraries but ISA-L, which unpacks gzip more than twice as fast as zlib.
# So its source package is built here, of the version whose header is installed. ISA-L has code for
# many CPUs and chooses when it runs, as wordmill itself does. Elsewhere than on x86-64, where nasm
# means nothing, or without its source, zlib takes its place.
set -eu
cd "$(dirname "$0")/../.."
. tests/setup.sh
# shellcheck disable=SC2086 # a list of words
need $build_packages dpkg-dev nasm liblzma-dev libbz2-dev liblz4-dev nettle-dev zlib1g-dev
work=$PWD/build/isal

# Unpacks the source of ISA-L into $work, from where apt has its packages.
fetch() {
    mkdir -p "$work/sources" "$work/lists/partial"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [ ! -f "$file" ] ||
            sed 's/^Types:.*/Types: deb-src/; s/^deb /deb-src /' "$file" >"$work/sources/${file##*/}"
    done
    set -- -q -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$work/sources" \
        -o "Dir::State::Lists=$work/lists" -o APT::Sandbox::User=root
    version=$(dpkg-query -W -f '${source:Version}' libisal-dev)
    apt-get "$@" update && (cd "$work" && apt-get "$@" source "libisal=$version")
}

archive=$work/libisal.a
if [ "$(uname -m)" = x86_64 ] && [ ! -e "$archive" ]; then
    echo "building ISA-L"
    if fetch >"$work.log" 2>&1; then
        make -C "$work"/libisal-*/ -f Makefile.unx -j "$(nproc)" lib units="igzip crc" >>"$work.log" 2>&1
        cp "$work"/libisal-*/bin/isa-l.a "$archive"
    else
        echo "no source of ISA-L, so zlib takes its place; build/isal.log says why"
    fi
fi
[ ! -e "$archive" ] || set -- "-DISAL_ARCHIVE=$archive" "$@"
cmake -S . -B build/static -DWORDMILL_STATIC=ON -DWORDMILL_TESTS=OFF "$@" >/dev/null
cmake --build build/static -j "$(nproc)"
