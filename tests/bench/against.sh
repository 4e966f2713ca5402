#!/bin/sh
# Is this tree slower than an older revision? Builds both, has them take turns with made files, and
# prints a table.
#
#     sh tests/bench/against.sh REVISION [OPTIONS]
#     sh tests/bench/against.sh REVISION --help
#
# It needs a machine that does nothing else, for some six minutes, and 3 GB in $TMPDIR; with --all
# more of both. The older build stays in build/against, so that the next comparison with it begins
# at once.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/setup.sh
. "$root/tests/setup.sh"
# shellcheck disable=SC2086 # a list of words
need $build_packages python3 git

[ $# -gt 0 ] || set -- --help
case $1 in
-*) exec python3 -B "$here/against.py" --help ;;
esac
commit=$(git -C "$root" rev-parse --verify --quiet "$1^{commit}") || {
    echo "there is no revision '$1'" >&2
    exit 2
}
shift

# build FOLDER: what it says is told only if it fails.
build() {
    said=$(
        cd "$1"
        { cmake --preset release -DWORDMILL_TESTS=OFF &&
            cmake --build --preset release -j "$(nproc)" --target wordmill ngram-generate; } 2>&1
    ) || {
        echo "$said" >&2
        echo "cannot build $1" >&2
        exit 2
    }
}

# One that was not built to its end is built anew.
other=$root/build/against/$commit
if [ ! -x "$other/build/release/wordmill" ]; then
    rm -rf "$other"
    mkdir -p "$other"
    git -C "$root" archive "$commit" | tar -x -C "$other"
    build "$other"
fi
build "$root"
exec python3 -B "$here/against.py" --build "$root/build/release" \
    --other "$other/build/release/wordmill" "$@"
